package org.ttm4j.ttm.model;

import java.util.Arrays;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.Concat;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.autograd.op.Standardize;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * The context that the model sees. In the masked-prediction variant it is the past extended by A steps. In these,
 * exogenous channels have their known future values (zeros if none are given) and other channels {@code mask_value}.
 * The last H (not A) steps of the other channels count as unobserved, as in the reference library; with a filter length
 * this includes some steps of the past. In other models A is 0 and the context is the past.
 *
 * @param values [B, C, L + A]
 * @param mask [B, C, L + A], 1 = observed; null if all steps are observed
 */
public record MaskedContext(Tensor values, Tensor mask) {

    /** The context of the given inputs. */
    public static MaskedContext of(TtmConfig config, TtmModel.Inputs in) {
        if (!config.maskedPrediction()) return new MaskedContext(in.past(), in.mask());
        int[] exogenous = config.exogenousChannels();
        Tensor known = in.knownFuture();
        Graph graph = in.past().graph();
        Shape shape = in.past().shape();
        Shape extension = shape.with(1, 1).with(2, config.maskedSteps());
        Tensor unknown = graph.constant(extension, (float) config.maskValue());
        Tensor zeros = graph.constant(extension, 0);
        Tensor[] future = new Tensor[shape.dim(1)];
        for (int c = 0; c < future.length; c++) {
            int index = Arrays.binarySearch(exogenous, c);
            if (index < 0) future[c] = unknown;
            else future[c] = known == null ? zeros : Select.of(known, 1, index);
        }
        Tensor values = Concat.of(2, in.past(), Concat.of(1, future));
        Tensor observed = in.mask() == null ? graph.constant(shape, 1) : in.mask();
        return new MaskedContext(values, extendMask(config, observed, exogenous));
    }

    /** The values, scaled by the statistics of the observed steps. */
    Standardize.Result scaled(TtmConfig.Scaling scaling) {
        return Scaler.scale(scaling, values, mask);
    }

    private static Tensor extendMask(TtmConfig config, Tensor mask, int[] exogenous) {
        Shape shape = mask.shape();
        Tensor[] channels = new Tensor[shape.dim(1)];
        int all = shape.dim(2) + config.maskedSteps();
        int hidden = Math.min(config.predictionLength(), all);
        int kept = all - hidden;
        for (int c = 0; c < channels.length; c++) {
            Tensor past = Select.of(mask, 1, c);
            boolean known = Arrays.binarySearch(exogenous, c) >= 0;
            Tensor end = mask.graph()
                    .constant(past.shape().with(2, known ? config.maskedSteps() : hidden), known ? 1 : 0);
            if (known) channels[c] = Concat.of(2, past, end);
            else channels[c] = kept == 0 ? end : Concat.of(2, Select.range(past, 2, 0, kept), end);
        }
        return Concat.of(1, channels);
    }
}
