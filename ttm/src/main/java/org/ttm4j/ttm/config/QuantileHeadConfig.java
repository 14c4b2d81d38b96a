package org.ttm4j.ttm.config;

import java.util.List;
import java.util.Map;

/**
 * The quantile head, and the loss that trains it: what {@link Key} has from {@link Key#MULTI_QUANTILE_HEAD} to {@link
 * Key#WIDTH_PENALTY_MODE}, in this order.
 */
public record QuantileHeadConfig(boolean enabled, List<Double> levels, int hidden, int kernelSize, double eps,
        boolean useDecoderPool, Path path, Mode mode, int decoderDModel, Middle middle, boolean stepWidths,
        double pointExtraWeight, TtmConfig.Loss pointExtraLoss, double widthPenalty, Width penalizedWidth) {

    /** How the head sees the decoder. */
    public enum Path {
        POOL, FLATTEN
    }

    /** How that joins the features of a step. */
    public enum Mode {
        ADD, CONCAT
    }

    /** The middle quantile: the forecast moved by an offset of its own, or the forecast itself. */
    public enum Middle {
        MEDIAN, MEAN
    }

    /** The distance of the outermost quantiles, or the mean distance of all pairs around the middle. */
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

    /** True if there is a head, and each of these ascending levels, at least one, lies among its own or between two of them. */
    public boolean covers(double[] wanted) {
        return enabled && wanted.length > 0 && wanted[0] >= levels.get(0)
                && wanted[wanted.length - 1] <= levels.get(levels.size() - 1);
    }

    /** Levels as floats, as a loss reads them. */
    public float[] floatLevels() {
        float[] floats = new float[levels.size()];
        for (int i = 0; i < floats.length; i++) floats[i] = levels.get(i).floatValue();
        return floats;
    }

    /** Features of a step in front of the last layer. */
    public int stepWidth() {
        return useDecoderPool && mode == Mode.CONCAT ? 2 * hidden : hidden;
    }

    /** The factor of each quantile in the penalty on widths: mean over steps of Σ factor·quantile. */
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
