package org.ttm4j.ttm.rolling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.ForecastResult;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.ModelChoice;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.interval.ConformalIntervals;
import org.ttm4j.ttm.interval.ConformalOptions;
import org.ttm4j.ttm.interval.LocalScales;

/**
 * Intervals from the errors of a forecaster on windows of a series: rolling origins, each seeing only what is before. The
 * model runs on the common pool of threads; the result does not depend on them.
 */
public final class Calibration {
    private static final int SERIES_AT_A_TIME = 256;
    private static final int SERIES_PER_TASK = 16;
    /** Windows nearer than a horizon over this share so much that they hardly count as two. */
    private static final int PER_HORIZON = 4;

    private final Forecaster forecaster;
    private final ForecastRequest series;
    private final float[][] history;
    private final int horizon;

    private Calibration(Forecaster forecaster, ForecastRequest series) {
        this.forecaster = forecaster;
        this.series = series;
        history = series.floatHistory();
        horizon = series.horizon() == 0 ? longest().outputLength() : series.horizon();
    }

    /**
     * Calibrates on held-out rows, and can be written beside the model:
     *
     * <pre>{@code
     * ForecastRequest rows = ForecastRequest.of(values).withFrequency(step);
     * Calibration.on(forecaster, rows, validationFrom, validationTo, 1, ConformalIntervals.deciles(),
     *         ConformalOptions.defaults()).write(folder);
     * }</pre>
     *
     * @param series all rows as its history (channels × time, exogenous ones among them), their frequency, the horizon (0
     *     = the model's own) and static categories
     * @param from the first origin: the first row that is forecast
     * @param to the end of the rows that are forecast, excluded
     * @param stride rows from one origin to the next; of more windows than the options remember, every second, third … is
     *     taken, the last one among them
     * @throws IllegalArgumentException when there are too few windows for a level, with how many are needed; or as
     *     {@link Forecaster#forecast(ForecastRequest)}
     */
    public static ConformalIntervals on(Forecaster forecaster, ForecastRequest series, int from, int to, int stride,
            double[] levels, ConformalOptions options) {
        if (stride < 1 || from < forecaster.minimumHistory() || to > series.history()[0].length) {
            throw new IllegalArgumentException("rows " + from + " to " + to + " at stride " + stride
                    + ": expected rows " + forecaster.minimumHistory() + " to " + series.history()[0].length
                    + " at a stride of 1 or more");
        }
        Calibration calibration = new Calibration(forecaster, series);
        int windows = to - from < calibration.horizon ? 0 : (to - from - calibration.horizon) / stride + 1;
        int needed = needed(levels);
        if (windows < needed) {
            throw new IllegalArgumentException(range(levels) + " need " + needed + " windows: rows " + from + " to "
                    + to + " hold " + windows + " of " + calibration.horizon + " steps at stride " + stride);
        }
        int every = (windows + options.windows() - 1) / options.windows();
        int first = from + (windows - 1) % every * stride;
        return calibration.run(first, (windows - 1) / every + 1, every * stride, levels, options, null);
    }

    /**
     * Intervals for one forecast from the same model's errors within the history that it was given: at most so many
     * windows, spread over the history, a quarter of a horizon or more apart.
     *
     * @param request what was forecast
     * @param forecast what came of it
     * @throws IllegalArgumentException when the history is too short for a level, with how many steps are needed
     */
    public static ConformalIntervals within(Forecaster forecaster, ForecastRequest request, Forecast forecast,
            double[] levels, int mostWindows) {
        Calibration calibration = new Calibration(forecaster, request.withHorizon(forecast.horizon()));
        TtmConfig config = forecaster.modelFor(request).config();
        int nearest = (forecast.horizon() + PER_HORIZON - 1) / PER_HORIZON;
        int first = config.contextLength();
        int last = request.history()[0].length - forecast.horizon();
        int needed = needed(levels);
        int windows = last < first ? 0 : Math.min(Math.max(needed, mostWindows), (last - first) / nearest + 1);
        if (windows < needed) {
            throw new IllegalArgumentException(range(levels) + " need " + needed + " forecasts of the past, "
                    + (first + (needed - 1L) * nearest + forecast.horizon()) + " steps of history or more");
        }
        int stride = windows == 1 ? nearest : Math.min(forecast.horizon(), (last - first) / (windows - 1));
        return calibration.run(last - (windows - 1) * stride, windows, stride, levels,
                ConformalOptions.defaults().withWindows(windows), forecast.model().orElse(null));
    }

    private static String range(double[] levels) {
        return "quantiles from " + levels[0] + " to " + levels[levels.length - 1];
    }

    private static int needed(double[] levels) {
        return Arrays.stream(levels).mapToInt(ConformalIntervals::windowsNeeded).max().orElse(0);
    }

    /** {@code model}, unless null, is the one whose errors count, where a forecaster has several. */
    private ConformalIntervals run(int from, int windows, int stride, double[] levels, ConformalOptions options,
            ModelChoice model) {
        ConformalIntervals intervals = null;
        int atATime = Math.max(1, SERIES_AT_A_TIME / series.history().length);
        for (int done = 0; done < windows; done += atATime) {
            int count = Math.min(atATime, windows - done);
            List<ForecastRequest> requests = new ArrayList<>(count);
            for (int i = 0; i < count; i++) requests.add(request(from + (done + i) * stride));
            List<Forecast> forecasts = forecasts(requests);
            for (int i = 0; i < count; i++) {
                Forecast forecast = forecasts.get(i);
                if (intervals == null) {
                    intervals = new ConformalIntervals(levels, forecast.channels().length, horizon, options);
                }
                if (model != null && !model.name().equals(forecast.model().orElseThrow().name())) continue;
                int origin = from + (done + i) * stride;
                float[] scales = LocalScales.of(history, origin, longest().contextLength(), forecast.channels());
                intervals.update(forecast.values(), rows(forecast.channels(), origin), scales);
            }
        }
        return intervals;
    }

    private List<Forecast> forecasts(List<ForecastRequest> requests) {
        int perTask = Math.max(1, SERIES_PER_TASK / series.history().length);
        return IntStream.range(0, (requests.size() + perTask - 1) / perTask)
                .parallel()
                .mapToObj(i -> requests.subList(i * perTask, Math.min(requests.size(), (i + 1) * perTask)))
                .map(forecaster::forecastAll)
                .flatMap(List::stream)
                .map(ForecastResult::orElseThrow)
                .toList();
    }

    private TtmConfig longest() {
        return forecaster.models().get(0).config();
    }

    private ForecastRequest request(int origin) {
        int start = Math.max(0, origin - longest().contextLength());
        float[][] past = new float[history.length][];
        for (int c = 0; c < past.length; c++) past[c] = Arrays.copyOfRange(history[c], start, origin);
        ForecastRequest request = ForecastRequest.of(past).withHorizon(horizon).withCategories(series.categories());
        if (series.frequency().isPresent()) request = request.withFrequency(series.frequency().get());
        if (!longest().usesExogenous()) return request;
        return request.withKnownFuture(rows(longest().exogenousChannels(), origin));
    }

    private float[][] rows(int[] channels, int origin) {
        float[][] rows = new float[channels.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(history[channels[i]], origin, origin + horizon);
        }
        return rows;
    }
}
