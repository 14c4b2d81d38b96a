package org.ttm4j.eval.validation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.ttm4j.data.corpus.Corpus.CorpusSeries;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.eval.page.Template;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.PastForecasts;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.forecast.rolling.ForecastErrors;
import org.ttm4j.forecast.rolling.ForecastFunction;
import org.ttm4j.forecast.rolling.PastErrors;
import org.ttm4j.forecast.rolling.QuantileGrid;
import org.ttm4j.forecast.rolling.RollingForecast;
import org.ttm4j.forecast.rolling.RollingForecasts;
import org.ttm4j.forecast.rolling.Scores;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.forecast.rolling.SimpleForecast;
import org.ttm4j.ttm.series.Gaps;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Precision;
import org.ttm4j.ttm.series.Rows;

/**
 * Measures models, during pre-training and after it, on a data set of a corpus that was kept aside. From the data set
 * it takes 256 to 511 evenly spaced windows (fewer from a small set). Errors are in the units of the corpus, in which
 * each series is standardised; the scale of the MASE is that of the history in the window. The result does not depend
 * on the number of threads. Immutable and thread-safe.
 */
public final class Validation {
    /** The levels of the intervals that are measured: deciles, whose outermost pair is the 80 % interval. */
    private static final QuantileGrid GRID = QuantileGrid.of(0.8);
    private static final int WINDOWS_PER_SET = 256;
    /** The number of past forecasts for calibrating the quantiles of a window; the default for a single channel. */
    private static final int PAST_FORECASTS = 20;
    /** The fewest seasons of history in a window of a short series. */
    private static final int FEWEST_SEASONS = 2;
    private static final String KEPT_ASIDE = "/org/ttm4j/eval/pretraining/kept-aside.txt";
    private static final int[] ONE_CHANNEL = {0};
    private static final double[] LEVELS = ConformalIntervals.deciles();

    private final String name;
    private final int horizon;
    /** That of the first series with a window. */
    private final Duration frequency;
    private final List<Window> windows = new ArrayList<>();

    /**
     * A window of the data set.
     *
     * @param values one channel × time: the history and then the horizon; NaN = missing
     */
    private record Window(double[][] values, int origin, Duration frequency, int period, double scale) {

        /** The values with only the last {@code history} steps of the history; earlier ones are missing. */
        double[][] last(int history) {
            if (history >= origin) return values;
            double[] kept = values[0].clone();
            Arrays.fill(kept, 0, origin - history, Double.NaN);
            return new double[][]{kept};
        }

        /** The values with the gaps of the history interpolated. */
        double[][] filled() {
            return new double[][]{Gaps.filled(values[0], origin)};
        }
    }

    /**
     * The errors on a data set.
     *
     * @param frequency the frequency of its first series
     * @param calibrated the number of windows with quantiles
     * @param model the errors of the model, including those of its quantiles
     * @param naive the errors of the seasonal naive forecast on the same windows
     */
    public record SetScore(String name, Duration frequency, int horizon, int windows, int calibrated, Scores model,
            Scores naive) {}

    /**
     * The mean squared error of a model; NaN if there are no data sets.
     *
     * @param mse the mean over the data sets
     * @param ratio the geometric mean over the data sets of the model's error divided by that of the better of two
     *     simple forecasts, which repeat the last period or the mean period of the history
     */
    public record Score(double mse, double ratio) {}

    /**
     * Draws the windows of a data set.
     *
     * @param leastHistory the fewest steps of history of a window
     * @param mostHistory the most steps of history of a window
     * @throws IllegalArgumentException when the data set has no such window
     */
    public Validation(Corpus corpus, String name, int leastHistory, int mostHistory, int horizon) {
        this(corpus, name, histories(corpus, name, horizon, length -> leastHistory), mostHistory, horizon,
                "no window of " + (leastHistory + horizon) + " in " + name);
    }

    /** Throws IllegalArgumentException with the problem when there are no histories. */
    private Validation(Corpus corpus, String name, Map<Integer, Integer> histories, int mostHistory, int horizon,
            String problem) {
        if (histories.isEmpty()) {
            throw new IllegalArgumentException("validation: "
                    + (corpus.datasets().contains(name) ? problem : "the corpus has no data set " + name));
        }
        this.name = name;
        this.horizon = horizon;
        long possible = 0;
        for (Map.Entry<Integer, Integer> one : histories.entrySet()) {
            possible += starts(corpus.series().get(one.getKey()), one.getValue());
        }
        long stride = Math.max(1, possible / WINDOWS_PER_SET);
        long next = stride / 2;
        for (int i : histories.keySet()) {
            CorpusSeries one = corpus.series().get(i);
            int leastHistory = histories.get(i);
            int starts = starts(one, leastHistory);
            int period = season(one, leastHistory).steps();
            for (; next < starts; next += stride) {
                int origin = leastHistory + (int) next;
                int history = Math.min(origin, mostHistory);
                float[] read = new float[history + horizon];
                corpus.read(i, origin - history, read.length, read, 0);
                double[] values = Precision.doubles(read);
                windows.add(new Window(new double[][]{values}, history, frequency(one), period,
                        ForecastErrors.scale(values, 0, history, period)));
            }
            next -= starts;
        }
        frequency = frequency(corpus.series().get(histories.keySet().iterator().next()));
    }

    /**
     * Draws the windows of a data set whose series may be short. If no series has {@code leastHistory} steps plus a
     * horizon, the history of a window has at least half of the steps of its series before the last horizon, and at
     * least two seasons.
     *
     * @param leastHistory the fewest steps of history of a window, if a series is long enough
     * @param mostHistory the most steps of history of a window
     * @throws IllegalArgumentException when the data set has no such window
     */
    public static Validation ofAnyLength(Corpus corpus, String name, int leastHistory, int mostHistory, int horizon) {
        Map<Integer, Integer> histories = histories(corpus, name, horizon, length -> leastHistory);
        if (histories.isEmpty()) {
            histories = histories(corpus, name, horizon, length -> Math.max(0, length - horizon) / 2);
            histories.entrySet()
                    .removeIf(one -> one.getValue() < FEWEST_SEASONS
                            * season(corpus.series().get(one.getKey()), Integer.MAX_VALUE).steps());
        }
        return new Validation(corpus, name, histories, mostHistory, horizon,
                "no series of " + name + " has " + 2 * FEWEST_SEASONS + " seasons and " + horizon + " steps more");
    }

    /** The names of the data sets for early stopping of pre-training, which are never trained on: hourly to daily. */
    public static List<String> validationSets() {
        return names("sets.txt");
    }

    /** The names of the other data sets that are kept aside: weekly and monthly. */
    public static List<String> keptAsideSets() {
        return names(KEPT_ASIDE);
    }

    private static List<String> names(String resource) {
        return Template.resource(Validation.class, resource).lines().filter(line -> !line.startsWith("#")).toList();
    }

    private static Season season(CorpusSeries series, int context) {
        return Season.of(frequency(series), context);
    }

    /** For each series of a data set that has a window, by its number, the fewest steps of history of the window. */
    private static Map<Integer, Integer> histories(Corpus corpus, String name, int horizon, IntUnaryOperator ofLength) {
        Map<Integer, Integer> histories = new TreeMap<>();
        for (int i = 0; i < corpus.series().size(); i++) {
            CorpusSeries one = corpus.series().get(i);
            int history = ofLength.applyAsInt(one.length());
            if (one.dataset().equals(name) && one.length() >= history + horizon) histories.put(i, history);
        }
        return histories;
    }

    private static Duration frequency(CorpusSeries series) {
        return Duration.ofSeconds(series.resolutionSeconds());
    }

    private int starts(CorpusSeries series, int history) {
        return series.length() - history - horizon + 1;
    }

    public int windows() {
        return windows.size();
    }

    /**
     * Measures the point forecasts of a model. Each window of a data set has the same weight.
     *
     * @param threads that forecast at the same time
     * @throws IllegalArgumentException when the model cannot use the windows
     * @throws InterruptedException when this thread is interrupted
     */
    public static Score score(List<Validation> sets, Forecaster forecaster, int threads) throws InterruptedException {
        double sum = 0;
        double logarithms = 0;
        for (Validation set : sets) {
            double model = set.windowMean(model(forecaster, Integer.MAX_VALUE), threads);
            double last = set.windowMean(simple(SimpleForecast.SEASONAL_NAIVE, window -> window.values), threads);
            double mean = set.windowMean(simple(SimpleForecast.MEAN_PERIOD, window -> window.values), threads);
            sum += model;
            logarithms += Math.log(model / Math.min(last, mean));
        }
        return new Score(sum / sets.size(), Math.exp(logarithms / sets.size()));
    }

    /** The mean over the windows of their mean squared errors; 0 if nothing can be measured. */
    private double windowMean(Function<Window, ForecastFunction> method, int threads) throws InterruptedException {
        double[] mean = new double[1];
        OnWindows all = new OnWindows(windows, horizon, method, Integer.MAX_VALUE, made -> 0, true);
        RollingForecasts.run(all, numbers(), threads, made -> {
            Window window = windows.get(made.origin());
            ForecastErrors errors = new ForecastErrors(1, horizon);
            errors.add(0, made.doubleValues()[0], window.values[0], window.origin, Double.NaN);
            if (errors.total().count() > 0) mean[0] += errors.total().mse() / windows.size();
        });
        return mean[0];
    }

    /**
     * Measures the forecasts and deciles of a model in comparison with the seasonal naive forecast. The deciles are the
     * model's own or calibrated on its errors in the history of each window; those of the seasonal naive forecast are
     * calibrated. The seasonal naive forecast sees the history with interpolated gaps, so that it has an error wherever
     * the model has one. Windows with too short a history for calibration are measured without quantiles.
     *
     * @param history the most steps of history that the model sees; the seasonal naive forecast and the scale of the
     *     errors use all steps
     * @param calibrated true to use calibrated deciles even if the model has its own
     * @param progress receives the number of windows of each finished batch
     * @throws IllegalArgumentException when the model cannot use the windows
     * @throws InterruptedException when this thread is interrupted
     */
    public SetScore setScore(Forecaster forecaster, int history, boolean calibrated, int threads, IntConsumer progress)
            throws InterruptedException {
        // Zero if the model has no quantiles: the simple forecast should have quantiles for the same windows.
        int[] contexts = new int[windows.size()];
        OnWindows ofModel = new OnWindows(windows, horizon, model(forecaster, history), history,
                RollingForecast::context, calibrated);
        Scores model = scores(ofModel, threads, made -> {
            if (made.quantiles() != null) contexts[made.origin()] = made.context();
        }, progress);
        OnWindows ofNaive = new OnWindows(windows, horizon, simple(SimpleForecast.SEASONAL_NAIVE, Window::filled),
                Integer.MAX_VALUE, made -> {
                    int context = contexts[made.origin()];
                    return context == 0 ? 0 : Math.max(context, windows.get(made.origin()).period);
                }, true);
        Scores naive = scores(ofNaive, threads, made -> {}, done -> {});
        int withQuantiles = (int) Arrays.stream(contexts).filter(context -> context > 0).count();
        return new SetScore(name, frequency, horizon, windows.size(), withQuantiles, model, naive);
    }

    private static Function<Window, ForecastFunction> model(Forecaster forecaster, int history) {
        return window -> PastForecasts.of(forecaster,
                ForecastRequest.of(window.last(history)).withFrequency(window.frequency));
    }

    private static Function<Window, ForecastFunction> simple(SimpleForecast method,
            Function<Window, double[][]> values) {
        return window -> method.on(values.apply(window), ONE_CHANNEL, window.period);
    }

    private Origins numbers() {
        return new Origins(0, 1, windows.size(), horizon, 1);
    }

    private Scores scores(OnWindows method, int threads, Consumer<RollingForecast> each, IntConsumer progress)
            throws InterruptedException {
        ForecastErrors errors = new ForecastErrors(1, horizon, GRID);
        RollingForecasts.run(method, numbers(), threads, made -> {
            Window window = windows.get(made.origin());
            errors.add(0, made.doubleValues()[0], window.values[0], window.origin, window.scale);
            if (made.quantiles() != null) {
                errors.addQuantiles(0, made.quantiles().ofChannel(0), window.values[0], window.origin);
            }
            each.accept(made);
        }, progress);
        return errors.total();
    }

    /**
     * The forecasts of all windows. The origin of a forecast is the number of its window.
     *
     * @param method makes the forecasts on a window
     * @param history the most steps of history that the method sees
     * @param context the context length of the forecasts for calibration; 0 for no quantiles
     * @param calibrated true to use calibrated quantiles even if the method has its own
     */
    private record OnWindows(List<Window> windows, int horizon, Function<Window, ForecastFunction> method, int history,
            ToIntFunction<RollingForecast> context, boolean calibrated) implements ForecastFunction {

        @Override
        public int[] channels() {
            return ONE_CHANNEL;
        }

        @Override
        public List<RollingForecast> forecast(Origins numbers) {
            return IntStream.range(0, numbers.count()).mapToObj(i -> forecast(numbers.at(i))).toList();
        }

        private RollingForecast forecast(int number) {
            Window window = windows.get(number);
            ForecastFunction function = method.apply(window);
            RollingForecast made = function.forecast(new Origins(window.origin, 1, 1, horizon, window.origin)).get(0);
            RollingForecast numbered = new RollingForecast(number, made.doubleValues(), made.context(), made.model());
            int rows = context.applyAsInt(numbered);
            if (rows == 0) return numbered;
            boolean useOwn = made.quantiles() != null && !calibrated;
            return numbered.withQuantiles(useOwn ? made.quantiles() : quantiles(function, window, made, rows));
        }

        /** The calibrated quantiles; null if the history is too short. */
        private Quantiles quantiles(ForecastFunction function, Window window, RollingForecast made, int rows) {
            RollingForecast last = new RollingForecast(window.origin, made.doubleValues(), rows, made.model());
            Rows seen = new Rows(Math.max(0, window.origin - history), window.origin);
            PastErrors source = new PastErrors(function, window.values, seen, last, PAST_FORECASTS, 1);
            if (seen.length() < source.leastHistory(LEVELS)) return null;
            return source.quantiles(made.doubleValues(), LEVELS).orElse(null);
        }
    }
}
