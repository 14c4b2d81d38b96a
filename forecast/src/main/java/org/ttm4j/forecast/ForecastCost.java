package org.ttm4j.forecast;

/**
 * About what a forecast takes, counted before it is made; rather too much than too little.
 *
 * @param runs of a model on one channel, or other work that takes as long
 * @param bytes of memory while it is made
 * @param levels of quantiles: those that the request names, or else those of a combination
 */
public record ForecastCost(long runs, long bytes, int levels) {
    /** What the model reads and writes, of each channel, and of each step of a forecast with the quantiles of a model. */
    private static final long CHANNEL_BYTES = 16_000;
    private static final long STEP_BYTES = 200;

    /**
     * Of the forecast of one model, which feeds it back where the horizon is longer than its output.
     *
     * @param history steps of each channel
     * @param output steps that one run forecasts
     */
    public static ForecastCost of(int channels, int history, int horizon, int output, int levels) {
        return new ForecastCost(
                (long) channels * Math.ceilDiv(horizon, output), channels * (CHANNEL_BYTES
                        + (long) Double.BYTES * history + (STEP_BYTES + (long) Double.BYTES * levels) * horizon),
                levels);
    }
}
