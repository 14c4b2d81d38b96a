package org.ttm4j.eval.backtest;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.ttm4j.eval.backtest.BacktestResult.NotableWindow;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.interval.IssuedForecast;
import org.ttm4j.forecast.interval.LocalScales;
import org.ttm4j.forecast.rolling.Calibration;
import org.ttm4j.forecast.rolling.ForecastErrors;
import org.ttm4j.forecast.rolling.RollingForecast;
import org.ttm4j.forecast.rolling.SimpleForecast;
import org.ttm4j.ttm.series.Origins;

/** Accumulates the scores of a model. Windows must be added in order, without gaps. Not thread-safe. */
final class BacktestScores {
    /** The number of best and of worst windows to keep. */
    private static final int NOTABLE = 3;
    /** The most errors per step that intervals remember with an expanding window; more do not improve quantiles. */
    private static final int EXPANDING_ERRORS = 4000;
    private static final long BYTES_PER_ERROR = 12;
    /** Remembered errors may take the heap divided by this. */
    private static final int HEAP_SHARE = 8;

    private final double[][] values;
    private final BacktestPlan plan;
    private final int[] channels;
    private final double[] scales;
    private final ForecastErrors errors;
    private final OnlineIntervals[] online;
    private final NotableWindow.Ranking best;
    private final NotableWindow.Ranking worst;
    private final Set<String> models = new LinkedHashSet<>();
    private final boolean ownQuantiles;
    private int calibrated;
    private int context;

    /**
     * Scores without measurements.
     *
     * @param ownQuantiles true if forecasts have the quantiles of the plan, which are then measured instead of
     *     calibrated ones
     */
    BacktestScores(double[][] values, BacktestPlan plan, int[] channels, boolean ownQuantiles) {
        this.values = values;
        this.ownQuantiles = ownQuantiles;
        this.plan = plan;
        this.channels = channels;
        Origins origins = plan.origins();
        scales = new double[channels.length];
        online = new OnlineIntervals[channels.length];
        ConformalOptions options = options(plan, channels.length);
        for (int i = 0; i < channels.length; i++) {
            scales[i] = ForecastErrors.scale(values[channels[i]], 0, origins.first(), plan.season().steps());
            online[i] = new OnlineIntervals(values[channels[i]], plan, options);
        }
        errors = new ForecastErrors(channels.length, origins.horizon(), plan.grid());
        best = new NotableWindow.Ranking(NOTABLE, origins.horizon(), false);
        worst = new NotableWindow.Ranking(NOTABLE, origins.horizon(), true);
    }

    private static ConformalOptions options(BacktestPlan plan, int channels) {
        ConformalOptions options = ConformalOptions.defaults();
        int wanted = plan.window() == BacktestPlan.Window.SLIDING ? options.windows() : EXPANDING_ERRORS;
        long room = Runtime.getRuntime().maxMemory() / HEAP_SHARE / BYTES_PER_ERROR / channels
                / plan.origins().horizon();
        int needed = Calibration.windowsNeeded(plan.grid().quantiles());
        return options.withWindows((int) Math.max(needed, Math.min(wanted, room)));
    }

    /** Adds the forecast of the next window. */
    void add(RollingForecast made) {
        int origin = made.origin();
        int number = (origin - plan.origins().first()) / plan.origins().stride();
        if (made.model() != null) {
            models.add(made.model());
            context = Math.max(context, made.context());
        }
        errors.add(made, values, channels, scales);
        float[] spreads = LocalScales.of(values, origin, made.context(), channels);
        boolean anyIntervals = false;
        for (int i = 0; i < channels.length; i++) {
            double[] series = values[channels[i]];
            double[] forecast = made.doubleValues()[i];
            double[][] issued = !ownQuantiles
                    ? online[i].quantiles(number, forecast, spreads[i])
                    : made.quantiles() == null ? null : made.quantiles().ofChannel(i);
            if (issued != null) errors.addQuantiles(i, issued, series, origin);
            anyIntervals |= issued != null;
            double mase = meanError(series, origin, forecast) / scales[i];
            if (Double.isNaN(mase)) continue;
            NotableWindow window = new NotableWindow(i, origin, mase, forecast, ends(issued, false),
                    ends(issued, true));
            best.offer(window);
            worst.offer(window);
        }
        if (anyIntervals) calibrated++;
    }

    private double[][] ends(double[][] issued, boolean upper) {
        if (issued == null) return null;
        int[] ends = upper ? plan.grid().upperIndices() : plan.grid().lowerIndices();
        return IntStream.of(ends).mapToObj(end -> issued[end]).toArray(double[][]::new);
    }

    /** The mean absolute error of one window; NaN if more than half of the true values are missing. */
    private static double meanError(double[] series, int origin, double[] forecasts) {
        double sum = 0;
        int count = 0;
        for (int h = 0; h < forecasts.length; h++) {
            double error = Math.abs(series[origin + h] - forecasts[h]);
            if (Double.isNaN(error)) continue;
            sum += error;
            count++;
        }
        return 2 * count < forecasts.length ? Double.NaN : sum / count;
    }

    BacktestResult result(Map<SimpleForecast, ForecastErrors> simple, ForecastErrors withoutDrivers, int fits,
            double seconds) {
        Origins origins = plan.origins();
        return new BacktestResult(plan, channels, errors, withoutDrivers, simple, ownQuantiles, calibrated,
                best.apartFrom(worst, false), worst.apartFrom(best, true), List.copyOf(models),
                Math.min(context == 0 ? origins.context() : context, origins.at(origins.count() - 1)), fits, seconds);
    }

    /**
     * The intervals of one channel as a live system would have issued them: those of an origin t use only errors of steps
     * before t. Windows must be added in order, without gaps. Not thread-safe.
     */
    static final class OnlineIntervals {
        private final ConformalIntervals intervals;
        private final double[] series;
        private final Origins origins;
        /** The last windows, whose steps may be partly unknown; a window's slot is its number modulo the array's length. */
        private final IssuedForecast[] waiting;

        /**
         * @param series the channel over time
         * @param options with as many windows as the quantiles of the plan need
         */
        OnlineIntervals(double[] series, BacktestPlan plan, ConformalOptions options) {
            this.series = series;
            origins = plan.origins();
            intervals = new ConformalIntervals(plan.grid().quantiles(), 1, origins.horizon(), options);
            waiting = new IssuedForecast[(origins.horizon() - 1) / origins.stride() + 1];
        }

        /**
         * The quantiles of a window's forecast, quantiles × steps; null if there are too few errors so far.
         *
         * @param number the number of the window, one more than in the previous call
         * @param scale the scale of the channel in the forecast's context, see
         *     {@link org.ttm4j.forecast.interval.LocalScales}
         */
        double[][] quantiles(int number, double[] forecast, float scale) {
            int now = origins.at(number);
            for (int window = Math.max(0, number - waiting.length); window < number; window++) {
                int from = origins.at(window);
                double[][] truth = new double[1][origins.horizon()];
                Arrays.setAll(truth[0], h -> from + h < now ? series[from + h] : Double.NaN);
                intervals.settle(waiting[window % waiting.length], truth);
            }
            IssuedForecast issued = intervals.issue(new double[][]{forecast}, new float[]{scale});
            waiting[number % waiting.length] = issued;
            return issued.quantiles() == null ? null : issued.quantiles().ofChannel(0);
        }
    }
}
