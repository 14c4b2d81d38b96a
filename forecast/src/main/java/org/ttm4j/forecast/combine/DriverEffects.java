package org.ttm4j.forecast.combine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ttm4j.forecast.rolling.Season;

/**
 * What drivers add to a series, by a ridge regression over the last rows of its history. Level, trend and season are taken
 * out of the series and of the drivers alike, by their moving mean and by the mean of each phase of the season, so that the
 * coefficients are those of a regression with such a level in it (Frisch and Waugh 1933). An effect does not depend on
 * how far ahead a step lies. A driver that is seldom other than usual, as holidays are, has effects on the steps before and
 * after as well. Immutable and thread-safe.
 *
 * <p>Histories and drivers may come from strangers, and the work grows with the rows and with the square of the features: both
 * are bounded.
 */
public final class DriverEffects {
    /**
     * The penalty, in rows in which a driver lies as far from its median as it ever does: what was seen once counts for two
     * thirds.
     */
    private static final double PENALTY = 0.5;
    private static final int ROWS_A_FEATURE = 5;
    /** With more features than these no effects are looked for. */
    static final int MOST_FEATURES = 100;
    /** The last rows of a history, which the effects are taken from. */
    private static final int MOST_ROWS = 4096;
    /** Of a driver that is seldom other than usual. */
    private static final int FEATURES_OF_SELDOM = 3;
    /** The moving mean spans so many shortest seasons, and no fewer steps than the second. */
    private static final int SPAN_SEASONS = 4;
    private static final int LEAST_SPAN = 29;
    /** Cycles of a season that its phases are averaged over, at least. */
    private static final int CYCLES = 4;
    /** A driver is seldom other than usual where it has its median in this share of the history. */
    private static final double USUAL = 0.8;

    /** Parts of the history, each left out once, and how many times what chance explains must be explained there. */
    private static final int FOLDS = 5;
    private static final int CLEARLY = 4;

    /** Features × (history + horizon): what differs from the median of a driver; NaN = unknown. */
    private final double[][] features;
    /** Features and the series less level and season, by row; only of rows in which all are known. */
    private final List<double[]> rows = new ArrayList<>();
    private final List<Integer> times = new ArrayList<>();
    private final double[] penalties;
    /** The products of all these rows, without penalties: features × (features and series). */
    private final double[][] ofAll;

    private DriverEffects(double[] history, double[][] features, int[] known, List<Season> seasons) {
        this.features = features;
        int n = features.length;
        penalties = new double[n];
        double[][] columns = Arrays.copyOf(features, n + 1);
        columns[n] = history;
        double[][] rest = Arrays.stream(columns)
                .map(column -> withoutLevel(column, known, Math.min(MOST_ROWS, history.length), seasons))
                .toArray(double[][]::new);
        for (int k = 0; k < known.length; k++) {
            int row = k;
            rows.add(Arrays.stream(rest).mapToDouble(column -> column[row]).toArray());
            times.add(known[k]);
            for (int i = 0; i < n; i++) {
                penalties[i] = Math.max(penalties[i], PENALTY * features[i][known[k]] * features[i][known[k]]);
            }
        }
        ofAll = new double[n][n + 1];
        add(1, ofAll, 0, history.length);
    }

    /** The effects on a series; empty where its history has too few rows to tell, or the drivers have too many features. */
    public static Optional<DriverEffects> of(double[] history, Drivers drivers, List<Season> seasons) {
        if (drivers.count() == 0 || drivers.count() > MOST_FEATURES) return Optional.empty();
        double[][] features = features(drivers.values(), history.length);
        if (features.length > MOST_FEATURES) return Optional.empty();
        int[] known = IntStream.range(Math.max(0, history.length - MOST_ROWS), history.length)
                .filter(t -> !Double.isNaN(history[t]))
                .filter(t -> Arrays.stream(features).noneMatch(feature -> Double.isNaN(feature[t])))
                .toArray();
        if (known.length < ROWS_A_FEATURE * features.length + LEAST_SPAN) return Optional.empty();
        return Optional.of(new DriverEffects(history, features, known, seasons));
    }

    /** Bytes of the effects of so many drivers on a history of so many steps, about. */
    public static long bytes(int drivers, int steps) {
        if (drivers > MOST_FEATURES) return 0;
        return (long) Double.BYTES * Math.min(MOST_FEATURES, FEATURES_OF_SELDOM * drivers)
                * (steps + Math.min(MOST_ROWS, steps));
    }

    private static double[][] features(double[][] drivers, int history) {
        List<double[]> features = new ArrayList<>();
        for (double[] driver : drivers) {
            double[] sorted = Arrays.stream(driver, 0, history)
                    .filter(value -> !Double.isNaN(value))
                    .sorted()
                    .toArray();
            double median = sorted.length == 0 ? 0 : sorted[sorted.length / 2];
            double[] feature = Arrays.stream(driver).map(value -> value - median).toArray();
            features.add(feature);
            long usual = Arrays.stream(sorted).filter(value -> value == median).count();
            if (usual == sorted.length || usual < USUAL * sorted.length) continue;
            features.add(shifted(feature, 1));
            features.add(shifted(feature, -1));
        }
        return features.toArray(double[][]::new);
    }

    /** Beyond either end a feature is as usual. */
    private static double[] shifted(double[] feature, int by) {
        return IntStream.range(0, feature.length)
                .mapToDouble(t -> t + by < 0 || t + by >= feature.length ? 0 : feature[t + by])
                .toArray();
    }

    /** The known rows of a column less their moving mean and then less the mean of their phase. */
    private static double[] withoutLevel(double[] column, int[] known, int length, List<Season> seasons) {
        int shortest = seasons.isEmpty() ? 1 : seasons.get(0).steps();
        int longest = seasons.stream()
                .mapToInt(Season::steps)
                .filter(steps -> CYCLES * steps <= length)
                .max()
                .orElse(1);
        int half = Math.max(LEAST_SPAN, SPAN_SEASONS * shortest) / 2;
        double[] sums = new double[known.length + 1];
        for (int k = 0; k < known.length; k++) sums[k + 1] = sums[k] + column[known[k]];
        double[] rest = new double[known.length];
        double[] phases = new double[longest];
        int[] counts = new int[longest];
        for (int k = 0; k < known.length; k++) {
            // As wide to the left as to the right, or a trend would count.
            int reach = Math.min(half, Math.min(k, known.length - 1 - k));
            rest[k] = column[known[k]] - (sums[k + reach + 1] - sums[k - reach]) / (2 * reach + 1);
            phases[known[k] % longest] += rest[k];
            counts[known[k] % longest]++;
        }
        for (int k = 0; k < known.length; k++) rest[k] -= phases[known[k] % longest] / counts[known[k] % longest];
        return rest;
    }

    /** The coefficients of the features, from the rows outside a stretch. */
    private double[] slopes(int from, int to) {
        int n = features.length;
        double[][] normal = Arrays.stream(ofAll).map(double[]::clone).toArray(double[][]::new);
        add(-1, normal, from, to);
        // A driver that never varies has no effect.
        for (int i = 0; i < n; i++) normal[i][i] += penalties[i] == 0 ? 1 : penalties[i];
        return Drivers.solve(normal);
    }

    /** Adds the products of the rows of a stretch, so many times. */
    private void add(int times, double[][] normal, int from, int to) {
        for (double[] row : between(from, to)) {
            for (int i = 0; i < normal.length; i++) {
                if (row[i] == 0) continue;
                for (int j = 0; j <= normal.length; j++) normal[i][j] += times * row[i] * row[j];
            }
        }
    }

    private List<double[]> between(int from, int to) {
        return IntStream.range(0, rows.size())
                .filter(k -> times.get(k) >= from && times.get(k) < to)
                .mapToObj(rows::get)
                .toList();
    }

    /** By step of history and horizon, what the drivers add there, from the rows outside a stretch; 0 where they are unknown. */
    private double[] effects(int from, int to) {
        double[] slopes = slopes(from, to);
        return IntStream.range(0, features[0].length).mapToDouble(t -> {
            double effect = IntStream.range(0, slopes.length).mapToDouble(i -> slopes[i] * features[i][t]).sum();
            return Double.isFinite(effect) ? effect : 0;
        }).toArray();
    }

    /** Whether the drivers explain, in squares, parts of the history that their coefficients were not fitted to. */
    boolean isExplaining() {
        int n = features.length;
        int first = times.get(0);
        int length = times.get(times.size() - 1) + 1 - first;
        double with = 0;
        double without = 0;
        for (int fold = 0; fold < FOLDS; fold++) {
            int from = first + fold * length / FOLDS;
            int to = first + (fold + 1) * length / FOLDS;
            double[] slopes = slopes(from, to);
            for (double[] row : between(from, to)) {
                double rest = row[n] - IntStream.range(0, n).mapToDouble(i -> slopes[i] * row[i]).sum();
                with += rest * rest;
                without += row[n] * row[n];
            }
        }
        return with < (1 - (double) CLEARLY * n / rows.size()) * without;
    }

    /** The history as it would have been with drivers at their medians. */
    public double[] without(double[] history) {
        double[] effects = effects(0, 0);
        return IntStream.range(0, history.length).mapToDouble(t -> history[t] - effects[t]).toArray();
    }

    /**
     * The forecast of the history without drivers, with their effects. At an earlier origin these are from the rows that it does
     * not forecast.
     *
     * @param lower least value of the forecast
     */
    Combination.Result added(Combination.Result rest, double[] history, double lower) {
        double[] effects = effects(0, 0);
        double[] forecast = rest.values().clone();
        for (int h = 0; h < forecast.length; h++) forecast[h] += effects[history.length + h];
        Combination.keepFloats(forecast, lower);
        CrossValidation past = rest.past();
        double[][] added = new double[past.residuals().size()][];
        for (int w = 0; w < added.length; w++) {
            int from = past.origins().get(w).end();
            int to = from + past.residuals().get(w).length;
            added[w] = Arrays.copyOfRange(effects(from, to), from, to);
        }
        CrossValidation corrected = past.corrected(added, history, lower);
        return rest.corrected(forecast, corrected, lower);
    }
}
