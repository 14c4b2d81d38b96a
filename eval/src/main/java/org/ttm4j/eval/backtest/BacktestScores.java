package org.ttm4j.eval.backtest;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ttm4j.eval.protocol.Split;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.interval.ConformalOptions;
import org.ttm4j.ttm.interval.LocalScales;
import org.ttm4j.ttm.rolling.Baselines;
import org.ttm4j.ttm.rolling.PointErrors;
import org.ttm4j.ttm.rolling.QuantileErrors;
import org.ttm4j.ttm.rolling.SeasonalScale;

/** The scores of a backtest as they grow. Windows come in order, none left out. Not thread-safe. */
final class BacktestScores {
    /** Best and worst windows to keep. */
    private static final int NOTABLE = 3;
    /** Errors that the intervals of a step remember with an expanding window: beyond, quantiles gain nothing. */
    private static final int EXPANDING_ERRORS = 4000;
    private static final long BYTES_PER_ERROR = 12;
    /** The share of the heap that remembered errors may take. */
    private static final int HEAP_SHARE = 8;

    private final float[][] values;
    private final BacktestPlan plan;
    private final int[] channels;
    private final float[][] series;
    private final double[] scales;
    private final PointErrors model;
    private final Map<SimpleForecast, PointErrors> simple = new EnumMap<>(SimpleForecast.class);
    private final QuantileErrors intervals;
    private final PeriodMeans[] means;
    private final OnlineIntervals[] online;
    private final NotableWindows best;
    private final NotableWindows worst;
    private final float[] forecast;
    private final float[] quantiles;
    private final Set<String> models = new LinkedHashSet<>();
    private int calibrated;

    BacktestScores(float[][] values, BacktestPlan plan, TtmConfig config) {
        this.values = values;
        this.plan = plan;
        channels = config.predictionChannels(values.length);
        series = new float[channels.length][];
        scales = new double[channels.length];
        means = new PeriodMeans[channels.length];
        online = new OnlineIntervals[channels.length];
        ConformalOptions options = options(plan, channels.length);
        for (int i = 0; i < channels.length; i++) {
            series[i] = values[channels[i]];
            scales[i] = SeasonalScale.of(series[i], 0, plan.start(), plan.period());
            means[i] = new PeriodMeans(series[i], plan.period());
            online[i] = new OnlineIntervals(series[i], plan, options);
        }
        model = new PointErrors(scales, plan.horizon());
        for (SimpleForecast method : SimpleForecast.values()) {
            simple.put(method, new PointErrors(scales, plan.horizon()));
        }
        intervals = new QuantileErrors(plan.grid(), channels.length, plan.horizon());
        best = new NotableWindows(NOTABLE, plan.horizon(), false);
        worst = new NotableWindows(NOTABLE, plan.horizon(), true);
        forecast = new float[plan.horizon()];
        quantiles = new float[plan.grid().quantiles().length];
    }

    private static ConformalOptions options(BacktestPlan plan, int channels) {
        ConformalOptions options = ConformalOptions.defaults();
        int wanted = plan.window() == BacktestPlan.Window.SLIDING ? options.windows() : EXPANDING_ERRORS;
        long room = Runtime.getRuntime().maxMemory() / HEAP_SHARE / BYTES_PER_ERROR / channels / plan.horizon();
        int needed = OnlineIntervals.windowsNeeded(plan.grid().quantiles());
        return options.withWindows((int) Math.max(needed, Math.min(wanted, room)));
    }

    /** Measures the forecast of a window, and the simple forecasts beside it. */
    void add(int number, Forecast made) {
        int origin = plan.origin(number);
        Split.Range history = plan.history(origin);
        made.model().ifPresent(choice -> models.add(choice.name()));
        float[] spreads = LocalScales.of(values, origin, plan.context(), channels);
        boolean anyIntervals = false;
        for (int i = 0; i < channels.length; i++) {
            float[] modelled = made.values()[i];
            model.add(i, modelled, series[i], origin);
            Baselines.lastPeriod(forecast, series[i], history.from(), origin, 1);
            simple.get(SimpleForecast.NAIVE).add(i, forecast, series[i], origin);
            Baselines.lastPeriod(forecast, series[i], history.from(), origin, plan.period());
            simple.get(SimpleForecast.SEASONAL_NAIVE).add(i, forecast, series[i], origin);
            means[i].forecast(forecast, history.from(), origin);
            simple.get(SimpleForecast.MEAN_PERIOD).add(i, forecast, series[i], origin);
            float[][] issued = online[i].quantiles(number, modelled, spreads[i]);
            if (issued != null) measure(i, origin, issued);
            anyIntervals |= issued != null;
            double mase = mase(i, origin, modelled);
            if (Double.isNaN(mase)) continue;
            NotableWindow window = new NotableWindow(i, origin, mase, modelled, ends(issued, false),
                    ends(issued, true));
            best.offer(window);
            worst.offer(window);
        }
        if (anyIntervals) calibrated++;
    }

    private void measure(int channel, int origin, float[][] issued) {
        for (int h = 0; h < plan.horizon(); h++) {
            for (int q = 0; q < quantiles.length; q++) quantiles[q] = issued[q][h];
            intervals.add(channel, h, series[channel][origin + h], quantiles);
        }
    }

    private float[][] ends(float[][] issued, boolean upper) {
        if (issued == null) return null;
        List<float[]> ends = new ArrayList<>();
        for (int level = 0; level < plan.grid().levels().length; level++) {
            ends.add(issued[upper ? plan.grid().upperIndex(level) : plan.grid().lowerIndex(level)]);
        }
        return ends.toArray(new float[0][]);
    }

    /** The MASE of one window; NaN where more than half of its truths are missing. */
    private double mase(int channel, int origin, float[] forecasts) {
        double sum = 0;
        int count = 0;
        for (int h = 0; h < forecasts.length; h++) {
            float error = Math.abs(series[channel][origin + h] - forecasts[h]);
            if (Float.isNaN(error)) continue;
            sum += error;
            count++;
        }
        return 2 * count < forecasts.length ? Double.NaN : sum / count / scales[channel];
    }

    BacktestResult result(int fits, double seconds) {
        return new BacktestResult(plan, channels, model, simple, intervals, calibrated, best.list(), worst.list(),
                List.copyOf(models), fits, seconds);
    }
}
