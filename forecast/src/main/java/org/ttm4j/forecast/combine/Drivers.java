package org.ttm4j.forecast.combine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Drivers of a series whose future is known, such as a calendar, prices or a weather forecast. Their {@link DriverEffects}
 * are forecast apart from the rest of the history. Beside that, a ridge regression explains the combination's errors at
 * earlier origins by each driver's value and by how far that is from the driver's last season and its seasonal mean before
 * the origin, which members of the combination carry on; all standardised. Either counts where, fitted without the rows of
 * an origin, it makes the errors there clearly smaller; with too many drivers neither is tried. Source of the regression:
 * Hoerl and Kennard 1970, doi:10.2307/1267351.
 *
 * @param values drivers × (history + horizon); NaN = missing in the history
 * @param categorical whether the values of a driver are codes of categories, of which none is more than another
 */
public record Drivers(double[][] values, boolean[] categorical) {
    /** Penalties that are tried, as a share of the rows. */
    private static final double[] PENALTIES = {0.01, 0.1, 1};
    /** The most relative error, with drivers over without, at which drivers are used. */
    private static final double HELPS = 0.95;
    /** The same if the whole history shows effects. */
    private static final double NO_WORSE = 1.1;
    private static final double HALF = 0.5;
    /** The features of each driver. */
    private static final int FEATURES = 3;
    private static final int ROWS_A_FEATURE = 5;
    private static final int CYCLES = 3;

    /**
     * The last channels of a history, as many as the known future has rows.
     *
     * @param categorical those of them, from 0 on, whose values are codes of categories
     * @throws IllegalArgumentException when the known future leaves no channel to forecast, is shorter than the horizon, or
     *     misses a value in it
     */
    public static Drivers of(double[][] channels, double[][] future, int horizon, int... categorical) {
        int targets = channels.length - future.length;
        if (targets < 1) {
            throw new IllegalArgumentException("knownFuture has " + future.length + " rows where the history has "
                    + channels.length + " channels: expected fewer, for its last channels");
        }
        double[][] values = new double[future.length][];
        for (int d = 0; d < values.length; d++) {
            if (future[d].length < horizon) {
                throw new IllegalArgumentException("knownFuture[" + d + "] has " + future[d].length
                        + " steps: expected at least the horizon, " + horizon);
            }
            double[] past = channels[targets + d];
            values[d] = Arrays.copyOf(past, past.length + horizon);
            for (int h = 0; h < horizon; h++) {
                if (!(Math.abs(future[d][h]) <= Float.MAX_VALUE)) {
                    throw new IllegalArgumentException(
                            "knownFuture[" + d + "][" + h + "] is " + future[d][h] + ": expected a finite float");
                }
                values[d][past.length + h] = future[d][h];
            }
        }
        boolean[] kinds = new boolean[values.length];
        for (int driver : categorical) kinds[driver] = true;
        return new Drivers(values, kinds);
    }

    public int count() {
        return values.length;
    }

    /** The observed values of the first steps, sorted. */
    static double[] observed(double[] driver, int history) {
        return Arrays.stream(driver, 0, history).filter(value -> !Double.isNaN(value)).sorted().toArray();
    }

    /** Of sorted values, the least of those that occur most often; 0 of none. */
    static double mostFrequent(double[] sorted) {
        double most = 0;
        int longest = 0;
        for (int i = 0, start = 0; i < sorted.length; i++) {
            if (sorted[i] != sorted[start]) start = i;
            if (i - start + 1 <= longest) continue;
            longest = i - start + 1;
            most = sorted[i];
        }
        return most;
    }

    /** Whether a driver has one value all over the history, so that nothing is known of its effect. */
    public boolean isConstant(int driver, int history) {
        double[] sorted = observed(values[driver], history);
        return sorted.length == 0 || sorted[0] == sorted[sorted.length - 1];
    }

    /** The categories of a driver's future that its history does not have. */
    public double[] unseen(int driver, int history) {
        if (!categorical[driver]) return new double[0];
        double[] sorted = observed(values[driver], history);
        return Arrays.stream(values[driver], history, values[driver].length)
                .distinct()
                .filter(value -> Arrays.binarySearch(sorted, value) < 0)
                .toArray();
    }

    /** These drivers, and behind them days of events. */
    public Drivers with(MonthlyEvents events) {
        boolean[] kinds = Arrays.copyOf(categorical, count() + events.days().size());
        Arrays.fill(kinds, count(), kinds.length, true);
        return new Drivers(Stream.concat(Arrays.stream(values), events.days().stream()).toArray(double[][]::new),
                kinds);
    }

    /** These drivers alone. */
    public Drivers only(int... drivers) {
        boolean[] kinds = new boolean[drivers.length];
        for (int i = 0; i < kinds.length; i++) kinds[i] = categorical[drivers[i]];
        return new Drivers(Arrays.stream(drivers).mapToObj(d -> values[d]).toArray(double[][]::new), kinds);
    }

    /**
     * A forecast that is improved by drivers.
     *
     * @param ofEffects the share of the forecast of the history without their effects; what is left is that of the history as it
     *     is
     * @param added by driver and step, what they add to these two
     */
    public record Improved(Combination.Result result, double ofEffects, double[][] added) {}

    /** A row of the regression: a step that was forecast. */
    private record Row(CrossValidation.Window window, int step, int time, double[] features, double residual) {}

    /**
     * The forecast with the drivers: corrected by them, or with their effects, or both weighted by their errors at earlier
     * origins; empty where neither makes these clearly smaller. Effects that the whole history shows must only not make them
     * clearly larger: what is seldom, such as a holiday, may not have been at these origins.
     *
     * @param history that is forecast
     * @param effects of the drivers on this history; empty where they are not known
     * @param rest the forecast of the history without them; of no use where they are not known
     */
    public Optional<Improved> improve(Combination.Result result, double[] history, Optional<DriverEffects> effects,
            Combination.Result rest) {
        double error = result.past().meanAbsolute();
        if (result.past().measured().size() < 2) return Optional.empty();
        Optional<Improved> corrected = correct(result, history);
        if (effects.isEmpty()) return corrected;
        Combination.Result added = effects.get().added(rest, history, result);
        double most = effects.get().isExplaining() ? NO_WORSE : HELPS;
        if (!(added.past().meanAbsolute() < most * error)) return corrected;
        double[][] byDriver = effects.get().byDriver(count(), history.length);
        if (corrected.isEmpty()) return Optional.of(new Improved(added, 1, byDriver));
        Improved other = corrected.get();
        double share = share(added, other.result);
        for (int d = 0; d < byDriver.length; d++) {
            for (int h = 0; h < byDriver[d].length; h++) {
                byDriver[d][h] = share * byDriver[d][h] + (1 - share) * other.added[d][h];
            }
        }
        return Optional.of(new Improved(mean(added, other.result, history), share, byDriver));
    }

    /** The weight of the first of two forecasts in their mean. */
    private static double share(Combination.Result one, Combination.Result other) {
        double ratio = one.past().meanAbsolute() / other.past().meanAbsolute();
        return 1 / (1 + Math.pow(ratio, Weights.MOST_SHARPNESS));
    }

    /** The mean of two forecasts with the drivers, weighted as members are. */
    private static Combination.Result mean(Combination.Result one, Combination.Result other, double[] history) {
        double share = share(one, other);
        if (share < HALF) return mean(other, one, history);
        List<CrossValidation.Window> windows = one.past().windows();
        CrossValidation past = one.past()
                .corrected(
                        window -> towards(window.forecast(),
                                other.past().windows().get(windows.indexOf(window)).forecast(), 1 - share),
                        history, one.past().lower());
        double[] step = towards(one.values(), other.values(), 1 - share);
        double[] forecast = one.values().clone();
        for (int h = 0; h < forecast.length; h++) forecast[h] += step[h];
        return one.corrected(forecast, past, one);
    }

    /** The difference from one forecast to another, times a share. */
    private static double[] towards(double[] from, double[] to, double share) {
        return IntStream.range(0, from.length).mapToDouble(h -> share * (to[h] - from[h])).toArray();
    }

    private int[] numeric() {
        return IntStream.range(0, values.length).filter(d -> !categorical[d]).toArray();
    }

    /** The rows of the regression; empty where no driver has numbers, or they are too many for the rows. */
    private List<Row> rows(CrossValidation past) {
        int[] numeric = numeric();
        List<Row> rows = new ArrayList<>();
        if (numeric.length == 0 || FEATURES * numeric.length > DriverEffects.MOST_FEATURES) return rows;
        for (CrossValidation.Window window : past.windows()) {
            double[] residuals = window.residuals();
            int end = window.end();
            for (int h = 0; h < residuals.length; h++) {
                double[] features = features(end, h, past.season(), numeric);
                boolean known = !Double.isNaN(residuals[h]) && Arrays.stream(features).noneMatch(Double::isNaN);
                if (known) rows.add(new Row(window, h, end + h, features, residuals[h]));
            }
        }
        return rows.size() < ROWS_A_FEATURE * FEATURES * numeric.length ? List.of() : rows;
    }

    /**
     * Whether there are rows enough at earlier origins to try the drivers.
     *
     * @param effects as {@link #improve} takes them
     */
    public boolean areTried(CrossValidation past, Optional<DriverEffects> effects) {
        return past.measured().size() > 1 && (effects.isPresent() || !rows(past).isEmpty());
    }

    private Optional<Improved> correct(Combination.Result result, double[] history) {
        CrossValidation past = result.past();
        List<Row> rows = rows(past);
        if (rows.isEmpty()) return Optional.empty();
        CrossValidation best = null;
        double bestPenalty = 0;
        double least = HELPS * past.meanAbsolute();
        for (double penalty : PENALTIES) {
            CrossValidation corrected = past.corrected(window -> leavingOut(window, rows, penalty), history,
                    past.lower());
            double error = corrected.meanAbsolute();
            if (!(error < least)) continue;
            least = error;
            best = corrected;
            bestPenalty = penalty;
        }
        if (best == null) return Optional.empty();
        Ridge ridge = Ridge.fit(rows, bestPenalty);
        int[] numeric = numeric();
        double[] forecast = result.values().clone();
        double[][] added = new double[values.length][forecast.length];
        for (int h = 0; h < forecast.length; h++) {
            double[] features = features(history.length, h, past.season(), numeric);
            for (int i = 0; i < numeric.length; i++) {
                added[numeric[i]][h] = ridge.at(features, FEATURES * i, FEATURES * (i + 1));
            }
            forecast[h] += ridge.at(features);
        }
        Combination.keepFloats(forecast, past.lower());
        return Optional.of(new Improved(result.corrected(forecast, best, result), 0, added));
    }

    /** For each driver of numbers its value, and that less the last value and the mean of this phase of the season before an origin. */
    private double[] features(int end, int step, int season, int[] numeric) {
        double[] features = new double[FEATURES * numeric.length];
        for (int i = 0; i < numeric.length; i++) {
            double[] driver = values[numeric[i]];
            double value = driver[end + step];
            features[FEATURES * i] = value;
            features[FEATURES * i + 1] = value - SeasonalMean.of(driver, end, season, 1, step % season);
            features[FEATURES * i + 2] = value - SeasonalMean.of(driver, end, season, CYCLES, step % season);
        }
        return features;
    }

    /** What a regression adds to a forecast from an earlier origin that has not seen the rows of this. */
    private static double[] leavingOut(CrossValidation.Window window, List<Row> rows, double penalty) {
        double[] corrections = new double[window.residuals().length];
        Ridge ridge = Ridge
                .fit(rows.stream().filter(row -> row.time < window.end() || row.time >= window.to()).toList(), penalty);
        for (Row row : rows) if (row.window == window) corrections[row.step] = ridge.at(row.features);
        return corrections;
    }

    /** y = Σ c·(x − mean) / deviation, by least squares of centred y with a penalty on c²; without an intercept. */
    private record Ridge(double[] mean, double[] slope) {

        static Ridge fit(List<Row> rows, double penalty) {
            int features = rows.isEmpty() ? 0 : rows.get(0).features.length;
            int n = rows.size();
            double[] mean = new double[features];
            double[] deviation = new double[features];
            double level = rows.stream().mapToDouble(Row::residual).average().orElse(0);
            for (int i = 0; i < features; i++) {
                for (Row row : rows) mean[i] += row.features[i] / n;
                for (Row row : rows) deviation[i] += (row.features[i] - mean[i]) * (row.features[i] - mean[i]) / n;
                deviation[i] = Math.sqrt(deviation[i]);
            }
            double[][] normal = new double[features][features + 1];
            for (Row row : rows) {
                double[] x = new double[features];
                for (int i = 0; i < features; i++) {
                    x[i] = deviation[i] > 0 ? (row.features[i] - mean[i]) / deviation[i] : 0;
                }
                for (int i = 0; i < features; i++) {
                    for (int j = 0; j < features; j++) normal[i][j] += x[i] * x[j];
                    normal[i][features] += x[i] * (row.residual - level);
                }
            }
            for (int i = 0; i < features; i++) normal[i][i] += penalty * n;
            double[] slope = LinearSystem.solve(normal);
            for (int i = 0; i < features; i++) slope[i] = deviation[i] > 0 ? slope[i] / deviation[i] : 0;
            return new Ridge(mean, slope);
        }

        double at(double[] features) {
            return at(features, 0, slope.length);
        }

        /** What some of the features add; one that is missing adds nothing, as its mean would. */
        double at(double[] features, int from, int to) {
            double sum = 0;
            for (int i = from; i < to; i++) {
                if (!Double.isNaN(features[i])) sum += slope[i] * (features[i] - mean[i]);
            }
            return Double.isFinite(sum) ? sum : 0;
        }
    }
}
