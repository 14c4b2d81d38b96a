package org.ttm4j.forecast.rolling;

import java.util.Arrays;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.interval.LocalScales;
import org.ttm4j.ttm.run.RunRules;
import org.ttm4j.ttm.series.Origins;

/**
 * Intervals from the errors of a method on windows of a series: rolling origins, each seeing only what is before. The
 * result does not depend on the number of threads. Stateless.
 */
public final class Calibration {
    private Calibration() {}

    /**
     * Calibrates intervals on held-out rows. They can be written beside the model, as here:
     *
     * <pre>{@code
     * ForecastFunction past = PastForecasts.of(forecaster, ForecastRequest.of(series).withFrequency(step));
     * Calibration.on(past, series, origins, ConformalIntervals.deciles(), ConformalOptions.defaults(), 2).write(folder);
     * }</pre>
     *
     * @param series channels × time, as the method forecasts it
     * @param origins on rows that the method was not fitted to; of more than the options remember, every second, third …
     *     is taken, the last one among them
     * @param threads that forecast at the same time
     * @throws IllegalArgumentException when a level needs more origins, or more windows with observed values at some
     *     channel and step, with how many are needed; or when the method cannot forecast from one, or its steps end
     *     beyond the series
     * @throws InterruptedException when this thread is interrupted
     */
    public static ConformalIntervals on(ForecastFunction function, double[][] series, Origins origins, double[] levels,
            ConformalOptions options, int threads) throws InterruptedException {
        RunRules.requireGiven("function", function);
        RunRules.requireGiven("origins", origins);
        RunRules.requireGiven("options", options);
        RunRules.requireGiven("levels", levels);
        int needed = windowsNeeded(levels);
        if (origins.count() < needed) {
            throw new IllegalArgumentException(
                    range(levels) + " need " + needed + " windows: the rows from " + origins.first() + " on hold "
                            + origins.count() + " of " + origins.horizon() + " steps at stride " + origins.stride());
        }
        ConformalIntervals intervals = new ConformalIntervals(levels, function.channels().length, origins.horizon(),
                options);
        add(intervals, function, series, origins.thinned(options.windows()), threads);
        requireEnough(intervals);
        return intervals;
    }

    /**
     * Adds the errors of another series to intervals: those of many series that are forecast by one model.
     *
     * @param origins as for {@link #on}; all of them are taken
     * @throws IllegalArgumentException when the method cannot forecast from an origin, or its steps end beyond the series
     * @throws InterruptedException when this thread is interrupted
     */
    public static void add(ConformalIntervals intervals, ForecastFunction function, double[][] series, Origins origins,
            int threads) throws InterruptedException {
        run(function, series, origins, null, intervals, threads);
    }

    /** Throws IllegalArgumentException where intervals hold too few errors for one of their levels. */
    public static void requireEnough(ConformalIntervals intervals) {
        try {
            intervals.quantiles(new double[intervals.channels()][intervals.horizon()], new float[intervals.channels()]);
        } catch (IllegalStateException tooFew) {
            throw new IllegalArgumentException("too few observed values: " + tooFew.getMessage(), tooFew);
        }
    }

    static String range(double[] levels) {
        return "quantiles from " + levels[0] + " to " + levels[levels.length - 1];
    }

    /** The fewest windows that have quantiles of all these levels. */
    public static int windowsNeeded(double... levels) {
        return Arrays.stream(levels).mapToInt(ConformalIntervals::windowsNeeded).max().orElse(0);
    }

    /** If {@code model} is not null, only errors of forecasts by this model are added. */
    static void run(ForecastFunction function, double[][] series, Origins origins, String model,
            ConformalIntervals intervals, int threads) throws InterruptedException {
        RunRules.requireGiven("function", function);
        RunRules.requireRows("series", series);
        RunRules.requireGiven("origins", origins);
        RunRules.requireGiven("intervals", intervals);
        origins.requireWithin(series);
        int[] channels = function.channels();
        RollingForecasts.run(function, origins, threads, forecast -> {
            if (model != null && !model.equals(forecast.model())) return;
            double[][] truth = forecast.truth(series, channels);
            float[] scales = LocalScales.of(series, forecast.origin(), forecast.context(), channels);
            intervals.update(finite(forecast.doubleValues(), truth), truth, scales);
        });
    }

    /** The forecast with 0 at steps that have none, whose truth then does not count either. */
    private static double[][] finite(double[][] forecast, double[][] truth) {
        for (int c = 0; c < forecast.length; c++) {
            for (int h = 0; h < forecast[c].length; h++) {
                if (!Double.isNaN(forecast[c][h])) continue;
                forecast[c][h] = 0;
                truth[c][h] = Double.NaN;
            }
        }
        return forecast;
    }
}
