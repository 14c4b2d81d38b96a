package org.ttm4j.ttm.rolling;

import java.time.Duration;
import java.util.Arrays;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.run.History;

/**
 * What a model is asked at the origins of a series whose future is there. Exogenous channels are known; their missing
 * steps are interpolated, so that every origin counts. Immutable and thread-safe.
 */
public final class PastRequests {
    private final float[][] series;
    private final Duration frequency;
    private final int[] categories;
    private final int horizon;
    /** Exogenous channels × time; null for a model without. */
    private final float[][] known;

    /**
     * @param config of the model
     * @param series channels × time; NaN = missing; not copied
     * @param frequency of the rows, for models with a resolution prefix; null when unknown
     * @param categories the static categories of the series; null without
     * @param horizon steps to forecast
     * @throws IllegalArgumentException when the model needs a channel that is not there
     */
    public PastRequests(TtmConfig config, float[][] series, Duration frequency, int[] categories, int horizon) {
        this.series = series;
        this.frequency = frequency;
        this.categories = categories;
        this.horizon = horizon;
        known = config.usesExogenous() ? known(series, config.exogenousChannels()) : null;
    }

    /** The request that sees the rows from {@code from} on up to the origin, and forecasts from there. */
    public ForecastRequest at(int from, int origin) {
        ForecastRequest request = ForecastRequest.of(slice(series, from, origin)).withHorizon(horizon);
        if (frequency != null) request = request.withFrequency(frequency);
        if (known != null) request = request.withKnownFuture(slice(known, origin, origin + horizon));
        return categories == null ? request : request.withCategories(categories);
    }

    private static float[][] slice(float[][] series, int from, int to) {
        float[][] slice = new float[series.length][];
        for (int c = 0; c < slice.length; c++) slice[c] = Arrays.copyOfRange(series[c], from, to);
        return slice;
    }

    /** The exogenous channels without gaps. */
    private static float[][] known(float[][] series, int[] exogenous) {
        float[][] known = new float[exogenous.length][];
        for (int i = 0; i < known.length; i++) {
            if (exogenous[i] >= series.length) {
                throw new IllegalArgumentException(
                        "the model needs channel " + exogenous[i] + ", there are only " + series.length);
            }
            known[i] = series[exogenous[i]].clone();
            float[] mask = new float[known[i].length];
            for (int t = 0; t < mask.length; t++) mask[t] = Float.isNaN(known[i][t]) ? 0 : 1;
            History.fill(known[i], mask, 0, mask.length);
        }
        return known;
    }
}
