package org.ttm4j.ttm.model;

import java.util.Arrays;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Convolution;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.autograd.op.Add;
import org.ttm4j.autograd.op.Concat;
import org.ttm4j.autograd.op.Expand;
import org.ttm4j.autograd.op.LayerNormalization;
import org.ttm4j.autograd.op.LeftAffine;
import org.ttm4j.autograd.op.MeanOfRows;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.autograd.op.Softplus;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.QuantileHeadConfig;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * Computes quantiles from a forecast, for each channel separately. A small convolutional network over the steps, which
 * may also read the output of the decoder, computes Q numbers for each step: an offset of the median, and for every
 * other quantile its distance from the next quantile towards the median. The distances are positive, so that quantiles
 * cannot cross. With m = (Q − 1)/2:
 * <pre>
 * u = gelu(pw1(norm(dw(y)))),  o = pw2(u + c) or pw2([u, c]),  dᵢ = softplus(oᵢ + w) + eps
 * q[m] = y + o₀ (median) or y (mean),  q[m − i] = q[m − i + 1] − dᵢ,  q[m + i] = q[m + i − 1] + d[m + i],  i = 1 … m
 * </pre>
 * c is the decoder's output. w = dec_to_steps(c), one number for each step, is an addition of this library and 0 in
 * published models, whose intervals hardly widen with the step.
 */
final class QuantileHead extends Layer {
    private static final float NORM_EPS = 1e-5f;

    private final QuantileHeadConfig config;
    private final Convolution convolution;
    private final InstanceNorm norm;
    private final Convolution first;
    private final Convolution last;
    private final Linear pooled;
    private final Linear tokens;
    private final Linear flattened;
    private final Linear stepWidths;
    /** Gain 1 and bias 0 of the norm over the steps, whose trained gain and bias are single numbers; not stored. */
    private final Parameter ones;
    private final Parameter zeros;
    /** The matrix [Q, Q + 1] that sums forecast, offset and distances to quantiles; not stored. */
    private final Parameter fan;

    QuantileHead(TtmConfig model) {
        config = model.quantileHead();
        int count = config.levels().size();
        int hidden = config.hidden();
        convolution = child("dw", new Convolution(1, 1, config.kernelSize()));
        norm = child("inorm", new InstanceNorm());
        first = child("pw1", new Convolution(1, hidden, 1));
        last = child("pw2", new Convolution(config.stepWidth(), count, 1));
        boolean flat = config.path() == QuantileHeadConfig.Path.FLATTEN;
        int width = model.headWidth();
        pooled = config.useDecoderPool() && !flat ? child("dec_proj", new Linear(width, hidden)) : null;
        tokens = config.useDecoderPool() && flat
                ? child("dec_tok_proj", new Linear(width, config.decoderDModel()))
                : null;
        flattened = tokens == null
                ? null
                : child("dec_flat_to_hidden", new Linear(model.numPatches() * config.decoderDModel(), hidden));
        stepWidths = config.stepWidths() ? child("dec_to_steps", new Linear(hidden, model.outputLength())) : null;
        ones = new Parameter("ones", Parameter.Kind.BUFFER, Shape.of(model.outputLength()));
        zeros = new Parameter("zeros", Parameter.Kind.BUFFER, Shape.of(model.outputLength()));
        Arrays.fill(ones.value(), 1);
        fan = fan(count, config.middle() == QuantileHeadConfig.Middle.MEDIAN);
    }

    /** One gain and one bias for all steps. */
    private static final class InstanceNorm extends Layer {
        private final Parameter weight = parameter("weight", Parameter.Kind.TRAINED, 1);
        private final Parameter bias = parameter("bias", Parameter.Kind.TRAINED, 1);

        private InstanceNorm() {
            weight.value()[0] = 1;
        }
    }

    /** Row q sums the forecast, the offset (if used) and the distances between the median and quantile q. */
    private static Parameter fan(int count, boolean offset) {
        Parameter matrix = new Parameter("fan", Parameter.Kind.BUFFER, Shape.of(count, count + 1));
        int middle = count / 2;
        for (int q = 0; q < count; q++) {
            float[] row = new float[count + 1];
            row[0] = 1;
            row[1] = offset ? 1 : 0;
            for (int i = 1; i <= middle - q; i++) row[1 + i] = -1;
            for (int i = 1; i <= q - middle; i++) row[1 + middle + i] = 1;
            System.arraycopy(row, 0, matrix.value(), q * (count + 1), row.length);
        }
        return matrix;
    }

    /**
     * Records the head.
     *
     * @param forecast [B, Ct, n], scaled
     * @param decoded [B, C, P, Dd], or [B, Ct, P, Dd]
     * @param channels the indices of the Ct forecast channels
     * @return [B, Ct, Q, n], ascending in the level
     */
    Tensor forward(Tensor forecast, Tensor decoded, int[] channels) {
        Shape s = forecast.shape();
        int n = s.dim(2);
        Tensor y = forecast.reshape(s.dim(0), s.dim(1), 1, n);
        Tensor z = LayerNormalization.of(convolution.forward(y), ones, zeros, NORM_EPS); // [B, Ct, 1, n]
        Tensor u = first.forwardGelu(LeftAffine.of(z, norm.weight, norm.bias)); // [B, Ct, hidden, n]
        Tensor c = config.useDecoderPool() ? context(decoded, channels) : null; // [B, Ct, hidden]
        if (c != null) u = conditioned(u, c); // [B, Ct, hidden or 2·hidden, n]
        Tensor o = last.forward(u); // [B, Ct, Q, n]
        int count = o.shape().dim(2);
        Tensor offset = Select.of(o, 2, 0); // [B, Ct, 1, n]
        if (count == 1) return shown(LeftAffine.of(Concat.of(2, y, offset), fan, null));
        Tensor distances = Select.range(o, 2, 1, count); // [B, Ct, Q − 1, n]
        if (stepWidths != null) {
            Tensor w = stepWidths.forward(c).reshape(s.dim(0), s.dim(1), 1, n);
            distances = Add.of(distances, Expand.of(w, 2, count - 1));
        }
        distances = Softplus.of(distances, (float) config.eps());
        return shown(LeftAffine.of(Concat.of(2, y, offset, distances), fan, null));
    }

    /** The decoder's output for each channel, [B, Ct, hidden]. */
    private Tensor context(Tensor decoded, int[] channels) {
        Tensor h = channels.length < decoded.shape().dim(1) ? Select.of(decoded, 1, channels) : decoded;
        if (pooled != null) return pooled.forward(MeanOfRows.of(h));
        Shape s = h.shape();
        int width = s.dim(2) * config.decoderDModel();
        return flattened.forward(tokens.forward(h).reshape(s.dim(0), s.dim(1), width));
    }

    /** Combines u with c, which is the same for all steps. */
    private Tensor conditioned(Tensor u, Tensor c) {
        Shape s = c.shape();
        Tensor steps = Expand.of(c.reshape(s.dim(0), s.dim(1), config.hidden(), 1), 3, u.shape().dim(3));
        return config.mode() == QuantileHeadConfig.Mode.ADD ? Add.of(u, steps) : Concat.of(2, u, steps);
    }

    /** The median of quantiles [B, Ct, Q, n], which is the forecast: [B, Ct, n]. */
    static Tensor middle(Tensor quantiles) {
        Shape s = quantiles.shape();
        return Select.of(quantiles, 2, s.dim(2) / 2).reshape(s.dim(0), s.dim(1), s.dim(3));
    }
}
