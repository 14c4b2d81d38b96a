package org.ttm4j.cli.command;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.forecast.NoteCode;
import org.ttm4j.forecast.PastForecasts;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.LocalScales;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.forecast.rolling.Calibration;
import org.ttm4j.forecast.rolling.PastErrors;
import org.ttm4j.ttm.series.Rows;

/**
 * The quantiles that a command line asks for. They are those of the model's own intervals, where it was calibrated, or of
 * its quantile head, and else rest on the model's errors within the history that it is given. Immutable.
 *
 * @param levels that are wanted
 * @param asked whether the command line names them
 */
record ForecastQuantiles(double[] levels, boolean asked) {
    static final Option OPTION = new Option("--quantiles", "Q,Q",
            "quantiles to forecast, such as 0.05,0.95, or none (default: 0.1 to 0.9)");

    private static final String NONE = "none";
    /** The forecasts of the past that a channel's quantiles rest on if the command line asks for quantiles. */
    private static final int WINDOWS = 100;
    /** The same by default, so that a short command stays short; none in a large file, where they would take long. */
    private static final int QUICK_FORECASTS = 20;
    private static final int MOST_QUICK_FORECASTS = 200;

    /** What a command line asks for. Throws UsageException for levels that are no ascending numbers between 0 and 1. */
    static ForecastQuantiles of(Arguments arguments) throws UsageException {
        List<String> parts = arguments.list(OPTION.name());
        if (parts.isEmpty()) return new ForecastQuantiles(ConformalIntervals.deciles(), false);
        if (parts.equals(List.of(NONE))) return new ForecastQuantiles(new double[0], false);
        double[] levels = new double[parts.size()];
        for (int i = 0; i < levels.length; i++) levels[i] = level(parts.get(i));
        for (int i = 1; i < levels.length; i++) {
            if (levels[i] > levels[i - 1]) continue;
            throw new UsageException(OPTION.name() + ": expected ascending numbers, each once, found " + levels[i]
                    + " after " + levels[i - 1]);
        }
        return new ForecastQuantiles(levels, true);
    }

    private static double level(String text) throws UsageException {
        try {
            double level = Double.parseDouble(text);
            if (level >= 0.001 && level <= 0.999) return level;
        } catch (NumberFormatException notANumber) {
            // Reported below, with the numbers that are too small or too large.
        }
        throw new UsageException(
                OPTION.name() + ": expected none or numbers from 0.001 to 0.999, found '" + Printable.of(text) + "'");
    }

    /** A request that asks for these levels. */
    ForecastRequest wanted(ForecastRequest request) {
        return levels.length == 0 ? request : request.withQuantiles(levels);
    }

    /** The forecaster, with intervals of these levels if it has any. Throws CommandException if it cannot have them. */
    ModelForecaster forecaster(ModelForecaster forecaster) throws CommandException {
        Optional<ConformalIntervals> intervals = forecaster.info().intervals();
        if (intervals.isEmpty()) return forecaster;
        if (levels.length == 0) return forecaster.withoutIntervals();
        return CommandException.read(OPTION.name(), () -> forecaster.withIntervals(intervals.get().withLevels(levels)));
    }

    /**
     * The forecast with its quantiles, or with a note why it has none; without quantiles and note if none are wanted.
     *
     * @param channels that are forecast in all
     * @throws IllegalArgumentException when quantiles were asked for and there are none
     */
    Forecast addTo(Forecaster forecaster, ForecastRequest request, Forecast forecast, int channels) {
        if (levels.length == 0) return forecast.withoutQuantiles();
        // If the model's own quantiles have other levels, these are measured on its past.
        boolean present = forecast.quantiles().map(of -> Arrays.equals(of.levels(), levels)).orElse(false);
        if (present) return forecast;
        try {
            if (forecaster.info().intervals().isPresent()) {
                throw new IllegalArgumentException(forecaster.info()
                        .intervals()
                        .get()
                        .reasonWithout(forecast.channels().length, forecast.horizon()));
            }
            return forecast.withQuantiles(ofItsPast(forecaster, request, forecast, channels));
        } catch (IllegalArgumentException e) {
            if (asked) throw new IllegalArgumentException(OPTION.name() + ": " + e.getMessage(), e);
            return forecast.withoutQuantiles().withNote(NoteCode.NO_QUANTILES, "no quantiles: " + e.getMessage());
        }
    }

    private Quantiles ofItsPast(Forecaster forecaster, ForecastRequest request, Forecast forecast, int channels) {
        int needed = Calibration.windowsNeeded(levels);
        if (!asked && (long) needed * channels > MOST_QUICK_FORECASTS) {
            throw new IllegalArgumentException("measuring the model on the past of " + channels
                    + " channels takes long; give " + OPTION.name() + " to do it");
        }
        // Half as many again, because some windows lack the true value of some steps.
        int most = asked ? WINDOWS : Math.max(needed * 3 / 2, QUICK_FORECASTS / channels);
        double[][] history = request.history();
        int rows = history[0].length;
        PastErrors past = new PastErrors(PastForecasts.of(forecaster, request), history, new Rows(0, rows),
                PastForecasts.rolling(forecast, rows), most, Runtime.getRuntime().availableProcessors());
        ConformalIntervals intervals = past.intervals(levels);
        float[] scales = LocalScales.of(history, rows, past.forecast().context(), past.function().channels());
        return intervals.quantilesIfEnough(forecast.doubleValues(), scales, levels)
                .orElseThrow(() -> new IllegalArgumentException(
                        "too much is missing from the history to measure the model on it: at some step only "
                                + intervals.windows() + " forecasts of its past can be compared with a value, " + needed
                                + " are needed"));
    }
}
