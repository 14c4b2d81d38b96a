package org.ttm4j.forecast;

import org.ttm4j.forecast.combine.CrossValidation;
import org.ttm4j.forecast.combine.DriverEffects;
import org.ttm4j.forecast.combine.Member;
import org.ttm4j.forecast.combine.MonthlyEvents;
import org.ttm4j.ttm.series.Gaps;

/**
 * An estimate of the cost of a forecast before it is made; rather too high than too low.
 *
 * @param runs of a model on one channel, or other work that takes as long
 * @param bytes of memory while it is made
 * @param levels of quantiles: those that the request names, or else those of a combination
 */
public record ForecastCost(long runs, long bytes, int levels) {
    /** The memory of a model run for each channel, and for each step of a forecast with quantiles. */
    private static final long CHANNEL_BYTES = 16_000;
    private static final long STEP_BYTES = 200;
    /** Channels of a combination whose model runs make one batch, in full tiles and bounded memory. */
    private static final int CHANNELS_AT_A_TIME = 16;
    private static final long BYTES_AT_A_TIME = 8 << 20;
    /**
     * Forecasts that the model makes at an origin in a series with two seasons, and in a short one with logarithms and a season
     * that was found as well; copies of its history there.
     */
    private static final int FORECASTS = 6;
    private static final int FORECASTS_OF_SHORT = 9;
    private static final int COPIES = 2;
    /** The steps of history, or pairs of forecast steps, for which the members take as long as one run of the model. */
    private static final int STEPS_OF_A_RUN = 1000;
    private static final int PAIRS_OF_A_RUN = 20_000;

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

    /** Whether a batch is to be run before another channel joins it. */
    static boolean isFull(int channels, long bytes) {
        return channels >= CHANNELS_AT_A_TIME || bytes >= BYTES_AT_A_TIME;
    }

    /** Of a combination of one channel of a request. */
    static ForecastCost ofChannel(ForecastRequest request, Forecaster model) {
        int output = model.modelFor(request).config().outputLength();
        int horizon = model.horizon(request);
        int history = request.rows()[0].length;
        // The shortest channel has the most forecasts.
        int fewest = history;
        for (double[] row : request.rows()) fewest = Math.min(fewest, row.length - Gaps.atBeginning(row));
        int windows = CrossValidation.mostOrigins(fewest);
        int seen = Math.min(history, Member.RECENT);
        int forecasts = fewest <= Member.RECENT ? FORECASTS_OF_SHORT : FORECASTS;
        int levels = CombinedForecaster.levels(request).length;
        ForecastCost last = of(forecasts, seen, horizon, output, 0);
        ForecastCost earlier = of(forecasts, seen, Math.min(horizon, history), output, 0);
        long runs = last.runs() + windows * earlier.runs() + (long) windows * history / STEPS_OF_A_RUN
                + (long) horizon * horizon / PAIRS_OF_A_RUN;
        long copies = (windows + 1L) * Double.BYTES * ((long) COPIES * history + (long) levels * horizon);
        // With drivers, or events that a daily series may have, it is forecast without their effects once more.
        boolean hasDates = request.dates().isPresent();
        int drivers = (request.future() == null ? 0 : request.future().length) + (hasDates ? MonthlyEvents.MOST : 0);
        long effects = DriverEffects.bytes(drivers, request.categoricalDrivers().length > 0, history);
        return new ForecastCost(drivers > 0 ? 2 * runs : runs,
                last.bytes() + windows * earlier.bytes() + copies + effects, levels);
    }

    /** Of a combination of all channels of a request, of which some are in memory at a time, and all of their sample paths. */
    static ForecastCost ofAll(ForecastRequest request, ForecastCost one) {
        long channels = request.rows().length;
        long most = one.bytes() + (one.bytes() < BYTES_AT_A_TIME ? BYTES_AT_A_TIME : 0);
        // Beside those of the channels are what they have in common, and the values that are allowed.
        long samples = (2 * channels + 1) * Double.BYTES * request.samples() * request.horizon();
        return new ForecastCost(channels * one.runs(), Math.min(channels * one.bytes(), most) + samples, one.levels());
    }
}
