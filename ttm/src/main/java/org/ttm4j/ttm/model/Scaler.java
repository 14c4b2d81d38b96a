package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.ScaleByMean;
import org.ttm4j.autograd.op.Standardize;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * Instance scaling: puts every sample and channel on a scale of its own before the model, by statistics of its observed
 * steps alone. The forecast is put back by output·scale + loc.
 */
public final class Scaler {
    /** Added to the variance, so that a constant channel has a scale. */
    private static final float MIN_VARIANCE = 1e-5f;

    private Scaler() {}

    /**
     * Scales the values x [B, C, L] of a context by its observed steps, those that mask [B, C, L] says, null for all. STD: (x − mean)/√(variance + 1e-5). MEAN: x over the mean of |x|. NONE:
     * loc and scale are null.
     */
    public static Standardize.Result scale(TtmConfig.Scaling scaling, Tensor x, Tensor mask) {
        if (scaling == TtmConfig.Scaling.STD) return Standardize.of(x, mask, MIN_VARIANCE);
        if (scaling == TtmConfig.Scaling.MEAN) return ScaleByMean.of(x, mask);
        return new Standardize.Result(x, null, null);
    }
}
