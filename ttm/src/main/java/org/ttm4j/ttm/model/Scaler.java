package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.ScaleByMean;
import org.ttm4j.autograd.op.Standardize;
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
}
