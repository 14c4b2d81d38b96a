package org.ttm4j.forecast.combine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.ttm4j.forecast.combine.CrossValidation.Origin;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.ttm.series.Gaps;

/**
 * The combination for one series: says what the model has to forecast, then weights the members by their errors at earlier
 * origins. Used by one thread.
 */
public final class Combination {
    /** The error over that of the naive forecast beyond which the latter is taken, after two horizons and so many steps. */
    private static final double CLEARLY = 1.1;
    private static final int LEAST_STEPS = 12;
    /** Members below this weight are not named. */
    private static final double NOTABLE = 0.01;
    private static final String OTHERS = "others";
    /** The most by which the size of errors is assumed to have grown since an origin. */
    private static final double MOST_GROWTH = 4;
    /** The most and the fewest cycles in which a phase must have had one value to be forecast as that value. */
    private static final int MOST_CYCLES = 28;
    private static final int LEAST_CYCLES = 6;
    /** The number of last values whose mean is the level of a series without a season. */
    static final int FEW = 3;
    /** The total weight of the members of a season from which on they are worth a note. */
    private static final double COUNTING = 0.1;

    private final double[] history;
    /** The step of the first observed value, where the history begins. */
    private final int begin;
    private final boolean isConstant;
    private final int horizon;
    /** Those that have a forecast; only they are measured. */
    private final List<Member> members;
    private final int season;
    private final Optional<Season> found;
    private final double lower;
    private final boolean isLikeTraining;
    private final List<Origin> origins;
    /** By origin and member, null if a member does not apply. The last entry is the requested forecast. */
    private final List<Member.Attempt[]> attempts = new ArrayList<>();
    private final List<ModelRun> modelRuns = new ArrayList<>();

    /**
     * Prepares the forecast.
     *
     * @param modelMinimum steps of history that the model needs
     * @param windows earlier origins at most
     * @param lower least value of the forecast; empty for 0 where nothing in the history is negative
     * @param isLikeTraining true if the series is of the kind that the model was trained on most
     * @param year steps of a year, of series whose steps are a day to a week long; else empty
     */
    public Combination(double[] history, int horizon, List<Season> seasons, int modelMinimum, int windows,
            OptionalDouble lower, boolean isLikeTraining, OptionalDouble year) {
        this.history = history;
        begin = Gaps.atBeginning(history);
        isConstant = Arrays.stream(history).noneMatch(value -> value < history[begin] || value > history[begin]);
        this.isLikeTraining = isLikeTraining;
        this.horizon = horizon;
        found = seasons.stream().filter(Season::found).findFirst();
        season = seasons.isEmpty() ? 1 : seasons.get(0).steps();
        double usual = Arrays.stream(history).anyMatch(value -> value < 0) ? Double.NEGATIVE_INFINITY : 0;
        this.lower = lower.orElse(usual);
        int longest = seasons.isEmpty() ? 1 : seasons.get(seasons.size() - 1).steps();
        origins = Origin.of(begin, history.length - Gaps.atEnd(history), horizon, season, longest, windows);
        List<Member> all = Members.of(seasons, year);
        Member.Attempt[] latest = attempts(all, history.length, horizon, modelMinimum);
        members = IntStream.range(0, latest.length).filter(i -> latest[i] != null).mapToObj(all::get).toList();
        for (Origin origin : origins) attempts.add(attempts(members, origin.end(), origin.steps(), modelMinimum));
        attempts.add(Arrays.stream(latest).filter(Objects::nonNull).toArray(Member.Attempt[]::new));
        for (int w = 0; w < attempts.size(); w++) {
            int steps = w < origins.size() ? origins.get(w).steps() : horizon;
            for (int i = 0; i < members.size(); i++) {
                Member.Attempt attempt = attempts.get(w)[i];
                if (attempt == null || attempt.modelInput() == null) continue;
                // The difference of two floats may be beyond their range.
                keepFloats(attempt.modelInput(), Double.NEGATIVE_INFINITY);
                modelRuns.add(new ModelRun(attempt.modelInput(), steps, isWholeModel(members.get(i))));
            }
        }
    }

    /** Whether a member is the model itself, whose quantiles are used. */
    private static boolean isWholeModel(Member member) {
        return member instanceof ModelAlone model && !model.recent();
    }

    private Member.Attempt[] attempts(List<Member> of, int end, int steps, int modelMinimum) {
        double[] known = Arrays.copyOfRange(history, begin, end);
        if (known.length == 0) return new Member.Attempt[of.size()];
        TrendAndSeason parts = TrendAndSeason.of(known, season);
        Optional<TrendAndSeason> ofLogarithms = OnLogarithms.of(known, season);
        return of.stream()
                .map(member -> (member instanceof OnLogarithms ? ofLogarithms : Optional.of(parts))
                        .flatMap(own -> member.attempt(own.history(), own, steps))
                        .filter(attempt -> attempt.modelInput() == null
                                || attempt.modelInput().length >= modelMinimum && observed(attempt.modelInput()) > 0)
                        .orElse(null))
                .toArray(Member.Attempt[]::new);
    }

    /**
     * By phase after the first steps, the value that it had in each of its last cycles, such as 0 at night, or all over a
     * constant history. NaN where it had several or is seldom observed, and of all phases where the last value is new for its
     * own: that may be a new level.
     */
    private double[] unchanging(int end) {
        int last = end - 1;
        while (last > begin && Double.isNaN(history[last])) last--;
        double before = unchangingBefore(last);
        boolean isNew = season > 1 && !Double.isNaN(before) && history[last] != before;
        return IntStream.range(end, end + season).mapToDouble(t -> isNew ? Double.NaN : unchangingBefore(t)).toArray();
    }

    /** The value that the phase of a step had in each of its cycles before it; NaN where there is none. */
    private double unchangingBefore(int step) {
        if (isConstant) return history[begin];
        double same = Double.NaN;
        int seen = 0;
        for (int t = step - season; t >= begin && t >= step - MOST_CYCLES * season; t -= season) {
            if (Double.isNaN(history[t])) continue;
            if (seen++ > 0 && history[t] != same) return Double.NaN;
            same = history[t];
        }
        return seen < LEAST_CYCLES ? Double.NaN : same;
    }

    /** Clamps values to the range of float32 and to at least {@code lower}. */
    static void keepFloats(double[] values, double lower) {
        double least = Math.max(lower, -Float.MAX_VALUE);
        for (int t = 0; t < values.length; t++) values[t] = Math.min(Float.MAX_VALUE, Math.max(least, values[t]));
    }

    /** The least value of forecasts of the past, which may have been below what is allowed from now on. */
    static double leastOfPast(double[] history, double lower) {
        return Arrays.stream(history).filter(value -> !Double.isNaN(value)).reduce(lower, Math::min);
    }

    /** A history for the model, how many steps of it are to be forecast, and whether their quantiles are of use. */
    public record ModelRun(double[] history, int steps, boolean withQuantiles) {}

    /** What the model forecast for one of them, of one channel; with quantiles where it has any. */
    public record ModelForecast(double[] values, Optional<Quantiles> quantiles) {}

    /** What the model has to forecast for this combination. */
    public List<ModelRun> modelRuns() {
        return modelRuns;
    }

    /**
     * The result of a combination.
     *
     * @param values the forecast
     * @param spread how far the true values may lie from it
     * @param weights of the members that count, the largest first
     * @param toNaive the combination's backtest error over that of the naive forecast; empty without a backtest
     * @param isNaive whether the forecast is the naive one because nothing beat it
     * @param found a season that is not one of the calendar, where members of it count
     * @param shares the contributions of members to the forecast, by name; members of little weight together
     */
    public record Result(double[] values, Spread spread, Map<String, Double> weights, Optional<Double> toNaive,
            boolean isNaive, Optional<Season> found, Map<String, Components.Share> shares) {

        /** The forecasts of the earlier origins. */
        public CrossValidation past() {
            return spread.past();
        }

        /**
         * The same with another forecast and its errors at the earlier origins.
         *
         * @param compared a result that was compared with the naive forecast of this history
         */
        Result corrected(double[] forecast, CrossValidation measured, Result compared) {
            double gain = measured.meanAbsolute() / compared.past().meanAbsolute();
            return new Result(forecast, Spread.after(measured, spread.ofModel(), forecast.length), weights,
                    compared.toNaive.map(ratio -> ratio * gain), false, found, shares);
        }

        /** The same with another forecast, whose errors at the earlier origins are not known to differ. */
        Result with(double[] forecast) {
            return new Result(forecast, spread, weights, toNaive, isNaive, found, shares);
        }

        /** The same forecast with the spread of steps that begin {@code missing} steps later. */
        public Result behind(int missing) {
            return missing == 0
                    ? this
                    : new Result(values, spread.behind(missing), weights, toNaive, isNaive, found, shares);
        }
    }

    /** Combines, with the model's forecasts of {@link #modelRuns()} in their order. */
    public Result combine(Iterator<ModelForecast> modelForecasts) {
        List<double[][]> forecasts = new ArrayList<>();
        List<Optional<Quantiles>> ofModel = new ArrayList<>();
        double ofPast = leastOfPast(history, lower);
        for (Member.Attempt[] origin : attempts) {
            boolean isPast = forecasts.size() < origins.size();
            double least = isPast ? ofPast : lower;
            int end = isPast ? origins.get(forecasts.size()).end() : history.length;
            double[] unchanging = unchanging(end);
            double[][] byMember = new double[members.size()][];
            Optional<Quantiles> quantiles = Optional.empty();
            for (int i = 0; i < byMember.length; i++) {
                if (origin[i] == null) continue;
                ModelForecast made = origin[i].modelInput() == null ? null : modelForecasts.next();
                if (isWholeModel(members.get(i))) quantiles = made.quantiles();
                byMember[i] = origin[i].finish().apply(made == null ? null : made.values());
                for (int h = 0; h < byMember[i].length; h++) {
                    double value = unchanging[h % season];
                    if (!Double.isNaN(value)) byMember[i][h] = value;
                }
                keepFloats(byMember[i], least);
            }
            forecasts.add(byMember);
            ofModel.add(quantiles);
        }
        double[][] last = forecasts.get(origins.size());
        double reach = origins.isEmpty() ? 0 : (double) origins.get(0).steps() / horizon;
        double unmeasured = season > 1 ? 1 - reach : 0;
        boolean isShort = season == 1 && Origin.isShort(history.length - begin);
        double[] logPrior = members.stream()
                .mapToDouble(member -> Members.logPrior(member, isLikeTraining, unmeasured)
                        + (isShort ? Members.logPriorOfLine(member, history) : 0))
                .toArray();
        double[][][] errors = new double[members.size()][origins.size()][];
        for (int w = 0; w < origins.size(); w++) {
            double[][] made = forecasts.get(w);
            for (int i = 0; i < made.length; i++) errors[i][w] = absolute(origins.get(w).residuals(history, made[i]));
        }
        int measuredSteps = Origin.measured(origins);
        OptionalDouble windows = season > 1 ? OptionalDouble.empty() : Origin.independentWindows(origins);
        List<double[]> past = new ArrayList<>();
        for (int w = 0; w < origins.size(); w++) {
            // This window is excluded from its weights, or its errors would seem too small.
            int left = origins.size() > 1 ? w : -1;
            double[][] weights = Weights.of(errors, left, logPrior, horizon, measuredSteps, windows);
            past.add(mean(weights, forecasts.get(w)));
        }
        double[][] weights = Weights.of(errors, -1, logPrior, horizon, measuredSteps, windows);
        int naive = naive(errors);
        double[][] ownErrors = IntStream.range(0, past.size())
                .mapToObj(w -> absolute(origins.get(w).residuals(history, past.get(w))))
                .toArray(double[][]::new);
        double own = naive < 0 ? Double.NaN : meanOfWindows(ownErrors, errors[naive]);
        double ofNaive = naive < 0 ? Double.NaN : meanOfWindows(errors[naive], ownErrors);
        Optional<Double> toNaive = ofNaive > 0 && !Double.isNaN(own) ? Optional.of(own / ofNaive) : Optional.empty();
        int observed = Arrays.stream(ownErrors).mapToInt(Combination::observed).sum();
        boolean giveWay = toNaive.isPresent() && toNaive.get() > CLEARLY
                && observed >= Math.max(2 * horizon, LEAST_STEPS) && !isGoodForItsZeros(naive, errors);
        if (giveWay) {
            for (double[] step : weights) Arrays.fill(step, 0);
            for (double[] step : weights) step[naive] = 1;
            for (int w = 0; w < origins.size(); w++) past.set(w, forecasts.get(w)[naive]);
        }
        double onLogarithms = share(weights, OnLogarithms.class);
        List<CrossValidation.Window> measuredWindows = IntStream.range(0, origins.size())
                .mapToObj(w -> new CrossValidation.Window(origins.get(w), past.get(w),
                        origins.get(w).residuals(history, past.get(w)), size(origins.get(w), onLogarithms),
                        ofModel.get(w)))
                .toList();
        CrossValidation measured = new CrossValidation(measuredWindows, share(weights, ModelAlone.class),
                seasonalDifference(), season, lower);
        Map<String, Double> named = named(weights);
        Map<String, Components.Share> shares = new LinkedHashMap<>();
        for (int i = 0; i < last.length; i++) {
            String name = members.get(i).name();
            Components.Share share = Components.sum(shares, named.containsKey(name) ? name : OTHERS, horizon);
            for (int h = 0; h < horizon; h++) {
                share.weights()[h] += weights[h][i];
                share.values()[h] += weights[h][i] * last[i][h];
            }
        }
        return new Result(mean(weights, last), Spread.after(measured, ofModel.get(origins.size()), horizon), named,
                toNaive, giveWay, found.filter(season -> counts(season, named)), shares);
    }

    /** Whether the members of a season count. */
    private static boolean counts(Season season, Map<String, Double> weights) {
        return weights.entrySet()
                .stream()
                .filter(member -> member.getKey().contains(season.name()))
                .mapToDouble(Map.Entry::getValue)
                .sum() >= COUNTING;
    }

    /**
     * How large errors are at an origin, where those after the history are 1: as large as the values, in so far as members on
     * logarithms forecast, and else the same.
     */
    private double size(Origin origin, double onLogarithms) {
        double growth = level(history.length) / level(origin.end());
        return growth > 0 ? Math.pow(Math.clamp(growth, 1 / MOST_GROWTH, MOST_GROWTH), -onLogarithms) : 1;
    }

    /** The mean of the last season, or of the last few values in a series without one. */
    private double level(int end) {
        return Weights.mean(Arrays.copyOfRange(history, Math.max(0, end - Math.max(season, FEW)), end));
    }

    /** The mean weight of the members of a kind over the steps. */
    private double share(double[][] weights, Class<? extends Member> kind) {
        return Arrays.stream(weights)
                .mapToDouble(step -> IntStream.range(0, step.length)
                        .filter(i -> kind.isInstance(members.get(i)))
                        .mapToDouble(i -> step[i])
                        .sum())
                .average()
                .orElse(0);
    }

    /**
     * The weighted mean of forecasts; members without one leave their weight to the others. Rounding does not lead beyond the
     * least and the largest, so that equal forecasts have their own value as the mean.
     */
    private static double[] mean(double[][] weights, double[][] forecasts) {
        int[] made = IntStream.range(0, forecasts.length).filter(i -> forecasts[i] != null).toArray();
        if (made.length == 0) return null;
        double[] mean = new double[forecasts[made[0]].length];
        for (int h = 0; h < mean.length; h++) {
            double total = 0;
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (int i : made) {
                mean[h] += weights[h][i] * forecasts[i][h];
                total += weights[h][i];
                least = Math.min(least, forecasts[i][h]);
                most = Math.max(most, forecasts[i][h]);
            }
            mean[h] = Math.min(most, Math.max(least, mean[h] / total));
        }
        return mean;
    }

    private static double[] absolute(double[] values) {
        return Arrays.stream(values).map(Math::abs).toArray();
    }

    /** The mean over the windows of errors at those steps where another forecast has some too. */
    private static double meanOfWindows(double[][] errors, double[][] others) {
        return Weights.mean(IntStream.range(0, errors.length)
                .mapToDouble(w -> Weights.mean(IntStream.range(0, Math.min(errors[w].length, others[w].length))
                        .filter(h -> !Double.isNaN(others[w][h]))
                        .mapToDouble(h -> errors[w][h])
                        .toArray()))
                .toArray());
    }

    static int observed(double[] values) {
        return (int) Arrays.stream(values).filter(value -> !Double.isNaN(value)).count();
    }

    /** Repeating the last season, or the last value in a series without one, as an index of the members; −1 if unmeasured. */
    private int naive(double[][][] errors) {
        return IntStream.range(0, errors.length)
                .filter(i -> members.get(i) instanceof SeasonalNaive repeated && repeated.season() == season)
                .filter(i -> !Double.isNaN(meanOfWindows(errors[i], errors[i])))
                .findFirst()
                .orElse(-1);
    }

    /** Whether the median of intermittent demand is as good: the naive forecast then owes its error to steps without demand. */
    private boolean isGoodForItsZeros(int naive, double[][][] errors) {
        return IntStream.range(0, errors.length)
                .filter(i -> members.get(i) instanceof PastMedian)
                .anyMatch(i -> meanOfWindows(errors[i], errors[naive]) <= meanOfWindows(errors[naive], errors[i]));
    }

    /** The weights over all steps, by name. */
    private Map<String, Double> named(double[][] weights) {
        double[] mean = new double[members.size()];
        for (double[] step : weights) {
            for (int i = 0; i < mean.length; i++) mean[i] += step[i] / weights.length;
        }
        Map<String, Double> named = new LinkedHashMap<>();
        IntStream.range(0, mean.length)
                .filter(i -> mean[i] >= NOTABLE)
                .boxed()
                .sorted((a, b) -> Double.compare(mean[b], mean[a]))
                .forEach(i -> named.put(members.get(i).name(), mean[i]));
        return named;
    }

    /** The mean absolute difference to the season before, or from value to value where no two are a season apart. */
    private double seasonalDifference() {
        double seasonal = meanDifference(history, season);
        double[] values = Arrays.stream(history).filter(value -> !Double.isNaN(value)).toArray();
        double mean = Double.isNaN(seasonal) ? meanDifference(values, 1) : seasonal;
        return Double.isNaN(mean) ? 0 : mean;
    }

    private static double meanDifference(double[] values, int lag) {
        return Weights.mean(
                IntStream.range(lag, values.length).mapToDouble(t -> Math.abs(values[t] - values[t - lag])).toArray());
    }
}
