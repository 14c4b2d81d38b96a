package org.ttm4j.ttm.config;

import java.util.List;
import java.util.Map;

/**
 * The settings of the quantile head and of the loss that trains it: the keys from {@link Key#MULTI_QUANTILE_HEAD} to
 * {@link Key#WIDTH_PENALTY_MODE}, in this order.
 */
public record QuantileHeadConfig(boolean enabled, List<Double> levels, int hidden, int kernelSize, double eps,
        boolean useDecoderPool, Path path, Mode mode, int decoderDModel, Middle middle, boolean stepWidths,
        double pointExtraWeight, TtmConfig.Loss pointExtraLoss, double widthPenalty, Width penalizedWidth) {

    /** How the head reads the output of the decoder. */
    public enum Path {
        POOL, FLATTEN
    }

    /** How that output is combined with the features of a step. */
    public enum Mode {
        ADD, CONCAT
    }

    /** The median: the forecast plus a learned offset, or the forecast itself. */
    public enum Middle {
        MEDIAN, MEAN
    }

    /** The distance between the outermost quantiles, or the mean distance of all pairs around the median. */
    public enum Width {
        BOUNDARY, WIS
    }

    QuantileHeadConfig(Map<Key, Object> v) {
        this(Key.MULTI_QUANTILE_HEAD.of(v), Key.QUANTILE_LEVELS.of(v), Key.MQ_HIDDEN.of(v), Key.MQ_KERNEL_SIZE.of(v),
                Key.MQ_EPS.of(v), Key.MQ_USE_DECODER_POOL.of(v), Key.MQ_COND_PATH.of(v), Key.MQ_COND_MODE.of(v),
                Key.MQ_DECODER_D_MODEL.of(v), Key.MQ_Q50_TYPE.of(v), Key.MQ_STEP_WIDTHS.of(v),
                Key.POINT_EXTRA_WEIGHT.of(v), Key.POINT_EXTRA_LOSS.of(v), Key.PENALIZE_LARGE_WIDTH_RATIO.of(v),
                Key.WIDTH_PENALTY_MODE.of(v));
    }

    /** True if there is a head and the given ascending levels, at least one, lie within the range of its levels. */
    public boolean covers(double[] wanted) {
        return enabled && wanted.length > 0 && wanted[0] >= levels.get(0)
                && wanted[wanted.length - 1] <= levels.get(levels.size() - 1);
    }

    /** The levels as floats, for the loss. */
    public float[] floatLevels() {
        float[] floats = new float[levels.size()];
        for (int i = 0; i < floats.length; i++) floats[i] = levels.get(i).floatValue();
        return floats;
    }

    /** The number of features of a step before the last layer. */
    public int stepWidth() {
        return useDecoderPool && mode == Mode.CONCAT ? 2 * hidden : hidden;
    }

    /** The factor of each quantile in the penalty on widths, which is the mean over steps of Σ factor·quantile. */
    public float[] widthFactors() {
        int count = levels.size();
        int pairs = count / 2;
        float[] factors = new float[count];
        int counted = penalizedWidth == Width.BOUNDARY ? Math.min(1, pairs) : pairs;
        for (int i = 0; i < counted; i++) {
            factors[count - 1 - i] = (float) (widthPenalty / counted);
            factors[i] = -factors[count - 1 - i];
        }
        return factors;
    }
}
