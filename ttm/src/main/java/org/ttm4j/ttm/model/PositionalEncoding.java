package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.op.AddToRows;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * Adds {@code position_enc [P, D]} to the patches. SINCOS: pe[p, 2i] = sin(p·w), pe[p, 2i+1] = cos(p·w),
 * w = exp(−2i·ln(10000)/D), then centred and divided by ten times its unbiased standard deviation; fixed. RANDOM:
 * trained.
 */
final class PositionalEncoding extends Layer {
    final Parameter encoding;

    PositionalEncoding(TtmConfig.PositionalEncoding type, int patches, int d) {
        boolean fixed = type == TtmConfig.PositionalEncoding.SINCOS;
        encoding = parameter("position_enc", fixed ? Parameter.Kind.BUFFER : Parameter.Kind.TRAINED, patches, d);
        if (fixed) fillSinCos(patches, d);
    }

    private void fillSinCos(int patches, int d) {
        double[] pe = new double[patches * d];
        double sum = 0;
        for (int i = 0; i < pe.length; i++) {
            int feature = i % d;
            double angle = i / d * Math.exp(-(feature - feature % 2) * Math.log(10000) / d);
            pe[i] = feature % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
            sum += pe[i];
        }
        double mean = sum / pe.length;
        double squares = 0;
        for (double value : pe) squares += (value - mean) * (value - mean);
        double divisor = pe.length == 1 ? 1 : 10 * Math.sqrt(squares / (pe.length - 1));
        for (int i = 0; i < pe.length; i++) encoding.value()[i] = (float) ((pe[i] - mean) / divisor);
    }

    Tensor forward(Tensor x) {
        return shown(AddToRows.of(x, encoding));
    }
}
