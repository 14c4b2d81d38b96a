package org.ttm4j.ttm.published;

import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.interval.Quantiles;
import org.ttm4j.ttm.model.TtmModel;

/**
 * Several checkpoints with quantile heads as one forecaster, as the reference evaluates the third generation: up to 50 series
 * are forecast by the weighted mean of all models, quantile by quantile, with {@link BacktestWeights} from up to three past
 * windows of each series; more series by the first model alone, or, where it is fine-tuned, by the mean of it and its untuned
 * copy. Histories shorter than a context are led by zeros that count as unobserved, in backtests too. Immutable and
 * thread-safe while nobody trains the models.
 *
 * <pre>{@code
 * PublishedModel main = PublishedModels.choose(600, 48, Duration.ofHours(1), false);
 * List<TtmModel> models = new ArrayList<>();
 * for (PublishedModel one : PublishedModels.withCompanions(main)) models.add(one.load(root, 48));
 * Forecast forecast = new CheckpointEnsemble(models).forecastAll(List.of(request), 48).get(0);
 * }</pre>
 */
public final class CheckpointEnsemble {
    private static final int MOST_SERIES = 50;
    private static final int MOST_WINDOWS = 3;
    private static final int BUSINESS_DAYS = 5;
    /** As a frequency, a business day is a fifth of a week. */
    private static final Duration BUSINESS_DAY = Duration.ofDays(7).dividedBy(BUSINESS_DAYS);

    private final List<QuantilePass> models = new ArrayList<>();
    /** Of the models: that of many series, and its untuned copy where there is one. */
    private final int[] main;
    private final List<Double> levels;

    /**
     * An ensemble of models that are not fine-tuned; the first is the main one.
     *
     * @throws IllegalArgumentException when a model has no quantile head, other levels than the first, or needs more than a
     *     history
     */
    public CheckpointEnsemble(List<TtmModel> models) {
        this(models, new int[]{0});
    }

    /**
     * An ensemble of fine-tuned models and an untuned copy of each, in the same order; the first is the main one.
     *
     * @throws IllegalArgumentException as above, and when there are not as many copies as models
     */
    public CheckpointEnsemble(List<TtmModel> models, List<TtmModel> untuned) {
        this(joined(models, untuned), new int[]{0, models.size()});
    }

    private static List<TtmModel> joined(List<TtmModel> models, List<TtmModel> untuned) {
        if (models.size() != untuned.size()) {
            throw new IllegalArgumentException(
                    models.size() + " models and " + untuned.size() + " untuned copies: expected one of each");
        }
        return Stream.concat(models.stream(), untuned.stream()).toList();
    }

    private CheckpointEnsemble(List<TtmModel> models, int[] main) {
        if (models.isEmpty()) throw new IllegalArgumentException("an ensemble of no models");
        this.main = main;
        levels = models.get(0).config().quantileHead().levels();
        for (TtmModel model : models) {
            TtmConfig config = model.config();
            String name = "the model " + config.contextLength() + "-" + config.outputLength();
            if (!config.quantileHead().enabled()) throw new IllegalArgumentException(name + " has no quantile head");
            if (!config.quantileHead().levels().equals(levels)) {
                throw new IllegalArgumentException(name + " has the quantile levels " + config.quantileHead().levels()
                        + "; expected those of the first, " + levels);
            }
            if (config.needsKnownFuture() || !config.categoricalVocabSizeList().isEmpty()) {
                throw new IllegalArgumentException(name + " needs known future values or static categories");
            }
            this.models.add(new QuantilePass(model));
        }
    }

    /**
     * Forecasts series; those of one call share the weights that all of them suggest together.
     *
     * @param requests of which history and frequency count
     * @param horizon steps to forecast; beyond one pass the middle quantile is fed back
     * @return a forecast each, with all quantiles and the weights of the models
     * @throws IllegalArgumentException when a history has no step, or not the channels that the models need
     */
    public List<Forecast> forecastAll(List<ForecastRequest> requests, int horizon) {
        if (horizon < 1) throw new IllegalArgumentException("horizon " + horizon + ": expected at least 1 step");
        List<StandardizedSeries> series = new ArrayList<>();
        for (ForecastRequest request : requests) series.add(series(request));
        boolean many = requests.size() > MOST_SERIES || models.size() == 1;
        int[] used = many ? main : IntStream.range(0, models.size()).toArray();
        double[][] weights = many ? equal(requests.size()) : weights(requests, series, horizon);
        List<Forecast> forecasts = new ArrayList<>();
        for (int j = 0; j < requests.size(); j++) {
            forecasts.add(forecast(requests.get(j), series.get(j), horizon, used, weights, j));
        }
        return forecasts;
    }

    private static StandardizedSeries series(ForecastRequest request) {
        double[][] history = request.history();
        for (double[] channel : history) {
            if (channel.length > 0 && channel.length == history[0].length) continue;
            throw new IllegalArgumentException("a channel has " + channel.length + " steps: expected "
                    + Math.max(1, history[0].length) + ", as channel 0");
        }
        return StandardizedSeries.of(history);
    }

    /** Of the main models. */
    private double[][] equal(int series) {
        double[][] weights = new double[main.length][series];
        for (double[] row : weights) Arrays.fill(row, 1.0 / main.length);
        return weights;
    }

    /** By the models {@code used}, whose weights are models × series. */
    private Forecast forecast(ForecastRequest request, StandardizedSeries series, int horizon, int[] used,
            double[][] weights, int number) {
        double[][][] sum = null;
        Map<String, Double> shares = new LinkedHashMap<>();
        for (int i = 0; i < used.length; i++) {
            int m = used[i];
            double[][][] quantiles = models.get(m)
                    .quantiles(series.values(), series.steps(), horizon, token(m, request));
            if (sum == null) sum = new double[quantiles.length][quantiles[0].length][horizon];
            double weight = weights[i][number];
            for (int q = 0; q < sum.length; q++) {
                for (int c = 0; c < sum[q].length; c++) {
                    for (int t = 0; t < horizon; t++) sum[q][c][t] += weight * quantiles[q][c][t];
                }
            }
            shares.put(m + ": " + models.get(m).name(), weight);
        }
        int[] channels = models.get(0).forecastChannels(series.values().length);
        double[][] middle = null;
        float[][][] values = new float[sum.length][channels.length][horizon];
        for (int q = 0; q < sum.length; q++) {
            for (int i = 0; i < channels.length; i++) {
                for (int t = 0; t < horizon; t++) {
                    sum[q][i][t] = series.inUnits(channels[i], sum[q][i][t]);
                    values[q][i][t] = (float) sum[q][i][t];
                }
            }
            if (q == sum.length / 2) middle = sum[q];
        }
        double[] asArray = levels.stream().mapToDouble(level -> level).toArray();
        List<Map<String, Double>> ofChannels = IntStream.range(0, channels.length).mapToObj(i -> shares).toList();
        return Forecast.of(request, channels, middle)
                .withQuantiles(new Quantiles(asArray, values, 0))
                .withWeights(ofChannels);
    }

    private int token(int model, ForecastRequest request) {
        return Resolution.of(request.frequency().orElse(null)).tokenWithin(models.get(model).vocabulary());
    }

    private double[][] weights(List<ForecastRequest> requests, List<StandardizedSeries> series, int horizon) {
        int shortest = horizon;
        for (QuantilePass model : models) shortest = Math.min(shortest, model.horizon());
        double[][] errors = new double[models.size()][series.size()];
        int most = MOST_WINDOWS;
        for (StandardizedSeries one : series) most = Math.min(most, windows(one, shortest));
        for (int j = 0; j < series.size(); j++) {
            double[][] each = new double[most][];
            for (int i = 0; i < most; i++) each[i] = errors(requests.get(j), series.get(j), shortest, i);
            for (int m = 0; m < errors.length; m++) {
                int model = m;
                errors[m][j] = BacktestWeights.median(Arrays.stream(each).mapToDouble(one -> one[model]).toArray());
            }
        }
        return BacktestWeights.of(errors, most);
    }

    /** As many as fit behind the context of every model, at least 1, at most 3. */
    private int windows(StandardizedSeries series, int target) {
        int longest = models.stream().mapToInt(QuantilePass::context).max().orElseThrow();
        return Math.max(1, Math.min(MOST_WINDOWS, (series.steps() - longest) / target));
    }

    /** The errors of all models on the window whose target ends {@code number} targets before the end of the series. */
    private double[] errors(ForecastRequest request, StandardizedSeries series, int target, int number) {
        int end = series.steps() - number * target - target;
        int steps = Math.max(0, end);
        double[] errors = new double[models.size()];
        double[] scales = new double[models.size()];
        for (int m = 0; m < errors.length; m++) {
            QuantilePass model = models.get(m);
            double[][] middle = model.quantiles(series.values(), steps, target, token(m, request))[levels.size() / 2];
            int[] channels = model.forecastChannels(series.values().length);
            double sum = 0;
            int count = 0;
            for (int i = 0; i < channels.length; i++) {
                for (int t = 0; t < target; t++) {
                    // A history shorter than the target is compared where there is any.
                    if (end + t < 0) continue;
                    sum += Math.abs(series.values()[channels[i]][end + t] - middle[i][t]);
                    count++;
                }
            }
            errors[m] = sum / Math.max(1, count);
            scales[m] = model.scale(series.values(), steps, season(request.frequency().orElse(null)));
        }
        boolean scaled = Arrays.stream(scales).allMatch(scale -> scale > 0);
        for (int m = 0; m < errors.length && scaled; m++) errors[m] /= scales[m];
        return errors;
    }

    /**
     * Steps of the season by which errors are scaled: a day of minutes or hours, a week of business days, an hour of seconds,
     * a year of months.
     */
    static int season(TemporalAmount frequency) {
        if (frequency instanceof Period period) {
            long months = period.toTotalMonths();
            return months > 0 && months < 12 && period.getDays() == 0 && 12 % months == 0 ? (int) (12 / months) : 1;
        }
        if (BUSINESS_DAY.equals(frequency)) return BUSINESS_DAYS;
        if (!(frequency instanceof Duration step) || step.isZero() || step.isNegative()) return 1;
        Duration season = step.compareTo(Duration.ofMinutes(1)) < 0 ? Duration.ofHours(1) : Duration.ofDays(1);
        if (step.compareTo(season) >= 0 || step.toNanosPart() != 0) return 1;
        return season.toSeconds() % step.toSeconds() == 0 ? (int) (season.toSeconds() / step.toSeconds()) : 1;
    }
}
