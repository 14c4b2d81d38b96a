package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.ScaleByMean;
import org.ttm4j.autograd.op.ScaleRows;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.autograd.op.Standardize;
import org.ttm4j.autograd.op.UnscaleRows;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * Instance scaling: scales every sample and channel by the statistics of its observed steps before the model. The
 * forecast is transformed back by output·scale + loc.
 */
public final class Scaler {
    /** Added to the variance, so that a constant channel has a scale. */
    private static final float MIN_VARIANCE = 1e-5f;

    private Scaler() {}

    /**
     * Scales the values x [B, C, L] of a context by the statistics of the steps for which mask [B, C, L] is 1; null for
     * all steps. STD: (x − mean)/√(variance + 1e-5). MEAN: x divided by the mean of |x|. NONE: x unchanged; loc and
     * scale are null.
     */
    public static Standardize.Result scale(TtmConfig.Scaling scaling, Tensor x, Tensor mask) {
        if (scaling == TtmConfig.Scaling.STD) return Standardize.of(x, mask, MIN_VARIANCE);
        if (scaling == TtmConfig.Scaling.MEAN) return ScaleByMean.of(x, mask);
        return new Standardize.Result(x, null, null);
    }

    /**
     * Location and scale of the forecast channels of a context, by which a scaled forecast is transformed back.
     *
     * @param loc [B, Ct], null without scaling
     * @param scale [B, Ct], null without scaling
     */
    public record Statistics(Tensor loc, Tensor scale) {

        static Statistics of(Standardize.Result scaled, int[] channels) {
            if (scaled.scale() == null) return new Statistics(null, null);
            return new Statistics(Select.of(scaled.loc(), 1, channels), Select.of(scaled.scale(), 1, channels));
        }

        /** x·scale + loc, [B, Ct, …]; null for null. */
        public Tensor inUnits(Tensor x) {
            if (x == null || scale == null) return x;
            Shape s = x.shape();
            return ScaleRows.of(x.reshape(s.dim(0), s.dim(1), s.product(2, s.rank())), scale, loc).reshape(s.toArray());
        }

        /** (x − loc)/scale of an input [B, Ct, …]. */
        Tensor scaled(Tensor x) {
            return scale == null ? x : UnscaleRows.of(x, scale, loc);
        }
    }
}
