package org.ttm4j.forecast.combine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.ttm.series.Gaps;

/**
 * The effects of drivers on a series, by a ridge regression over the last rows of its history. Level, trend and season are
 * taken out of the series and of the drivers alike, by their moving mean and by the mean of each phase of the season, so
 * that the coefficients are those of a regression with such a level in it (Frisch and Waugh 1933). An effect does not
 * depend on how far ahead a step lies. A driver that is seldom other than usual, as holidays are, has effects on the steps
 * before and after as well. Immutable and thread-safe.
 *
 * <p>Histories and drivers may come from strangers, and the work grows with the rows and with the square of the features: both
 * are bounded.
 */
public final class DriverEffects {
    /**
     * The penalty, in rows in which a driver lies as far from its level and season as it ever does: what was seen once counts
     * for two thirds.
     */
    private static final double PENALTY = 0.5;
    /** The same for the difference of a category from the others: a holiday seen once is shrunk half way to them. */
    private static final double PENALTY_OF_CATEGORY = 1;
    /** The same for the effect that the categories of a driver share, which all of them show. */
    private static final double PENALTY_IN_COMMON = 0.1;
    private static final double ROUNDING = 1e-6;
    private static final int ROWS_A_FEATURE = 5;
    /** With more features, no effects are estimated. */
    static final int MOST_FEATURES = 100;
    /** The most rows, the last ones of a history, that effects are estimated from. */
    static final int MOST_ROWS = 4096;
    /** Of a driver that is seldom other than usual. */
    private static final int FEATURES_OF_SELDOM = 3;
    /** The moving mean spans so many shortest seasons, and no fewer steps than the second. */
    private static final int SPAN_SEASONS = 4;
    private static final int LEAST_SPAN = 29;
    /** Cycles of a season that its phases are averaged over, at least. */
    private static final int CYCLES = 4;
    /** A cycle that was found in the history may be that of its drivers, as the year is that of holidays. */
    private static final int CYCLES_OF_FOUND = 8;
    /** A driver is seldom other than usual where it has its median in this share of the history. */
    private static final double USUAL = 0.8;

    /** Factors of the penalty on categories that are tried; the one with the least cross-validated error counts. */
    private static final double[] STRICTNESS = {1, 4, 16, 64};

    /** The folds of the cross-validation, and the multiple of what chance would explain that drivers must explain. */
    private static final int FOLDS = 5;
    private static final int CLEARLY = 4;

    private final List<Feature> features;
    /** The values of the features, without gaps. */
    private final List<double[]> filled;
    /** Features and the series less level and season, by row; only of rows in which all are known. */
    private final double[][] rows;
    /** The step of each row. */
    private final int[] times;
    private final double[] penalties;
    /** The factor of the penalty on categories. */
    private double strictness = 1;
    /** Degrees of freedom that moving mean and phases take from the rows. */
    private final double levels;
    /** The products of all these rows, without penalties: features × (features and series). */
    private final double[][] ofAll;

    /**
     * A column of the regression.
     *
     * @param values by step of history and horizon: what differs from the usual value of a driver; NaN = unknown
     * @param category of the driver that the column is of; NaN for the driver itself
     * @param shift steps by which the column is before or after its driver
     * @param penalty in rows in which the values are as far from their level and season as they ever are
     */
    private record Feature(int driver, double category, int shift, double penalty, double[] values) {}

    /**
     * The effect of a driver on the series.
     *
     * @param category the value it is of; NaN for what a driver adds where it rises by 1, or what all categories but the
     *     usual one add on the average
     * @param size in units of the series
     * @param error standard error of the size
     */
    public record Effect(int driver, double category, double size, double error) {}

    private DriverEffects(double[] history, List<Feature> features, int[] known, List<Season> seasons) {
        this.features = features;
        filled = features.stream().map(feature -> filled(feature.values)).toList();
        int n = features.size();
        penalties = new double[n];
        double[][] rest = Stream.concat(features.stream().map(Feature::values), Stream.of(history))
                .map(column -> withoutLevel(column, known, Math.min(MOST_ROWS, history.length), seasons))
                .toArray(double[][]::new);
        times = known;
        rows = new double[known.length][n + 1];
        for (int k = 0; k < known.length; k++) {
            for (int i = 0; i <= n; i++) rows[k][i] = rest[i][k];
            for (int i = 0; i < n; i++) {
                double value = features.get(i).values[known[k]];
                // Of a driver that is a level alone, no more than rounding is left.
                double left = Math.max(rest[i][k] * rest[i][k], ROUNDING * value * value);
                penalties[i] = Math.max(penalties[i], features.get(i).penalty() * left);
            }
        }
        levels = longest(seasons, Math.min(MOST_ROWS, history.length)) + (double) rows.length / span(seasons);
        ofAll = new double[n][n + 1];
        add(1, ofAll, 0, history.length);
        if (features.stream().allMatch(feature -> Double.isNaN(feature.category))) return;
        double least = Double.POSITIVE_INFINITY;
        double best = 1;
        for (double tried : STRICTNESS) {
            strictness = tried;
            double error = leftOut();
            if (error >= least) continue;
            least = error;
            best = tried;
        }
        strictness = best;
    }

    /** The effects on a series; empty where its history has too few rows to tell, or the drivers have too many features. */
    public static Optional<DriverEffects> of(double[] history, Drivers drivers, List<Season> seasons) {
        if (drivers.count() == 0 || drivers.count() > MOST_FEATURES) return Optional.empty();
        // With few rows, categories have no days before and after of their own, or nothing of their own at all.
        for (int detail = 2; detail >= 0; detail--) {
            List<Feature> features = features(drivers, history.length, detail);
            if (features.size() > MOST_FEATURES) continue;
            int[] known = IntStream.range(Math.max(0, history.length - MOST_ROWS), history.length)
                    .filter(t -> !Double.isNaN(history[t]))
                    .filter(t -> features.stream().noneMatch(feature -> Double.isNaN(feature.values[t])))
                    .toArray();
            if (known.length < ROWS_A_FEATURE * features.size() + LEAST_SPAN) continue;
            return Optional.of(new DriverEffects(history, features, known, seasons));
        }
        return Optional.empty();
    }

    /**
     * Bytes of the effects of so many drivers on a history of so many steps, about.
     *
     * @param areCategories whether some are categories, of which each has effects
     */
    public static long bytes(int drivers, boolean areCategories, int steps) {
        if (drivers > MOST_FEATURES) return 0;
        int features = areCategories ? MOST_FEATURES : Math.min(MOST_FEATURES, FEATURES_OF_SELDOM * drivers);
        return (long) Double.BYTES * features * (steps + Math.min(MOST_ROWS, steps));
    }

    private static List<Feature> features(Drivers drivers, int history, int detail) {
        List<Feature> features = new ArrayList<>();
        for (int d = 0; d < drivers.count(); d++) {
            double[] driver = drivers.values()[d];
            double[] sorted = Drivers.observed(driver, history);
            boolean isCategory = drivers.categorical()[d];
            double usual = isCategory
                    ? Drivers.mostFrequent(sorted)
                    : sorted.length == 0 ? 0 : sorted[sorted.length / 2];
            long asUsual = Arrays.stream(sorted).filter(value -> value == usual).count();
            boolean isSeldom = asUsual < sorted.length && asUsual >= USUAL * sorted.length;
            double[] others = DoubleStream.of(sorted).filter(value -> value != usual).distinct().toArray();
            boolean differ = isCategory && others.length > 1 && others.length <= MOST_FEATURES && detail > 0;
            add(features, d, Double.NaN, isSeldom, differ ? PENALTY_IN_COMMON : PENALTY,
                    Arrays.stream(driver)
                            .map(value -> value - usual)
                            .map(value -> isCategory && !Double.isNaN(value) && value != 0 ? 1 : value)
                            .toArray());
            for (int i = 0; i < others.length && differ; i++) {
                double category = others[i];
                add(features, d, category, isSeldom && detail == 2, PENALTY_OF_CATEGORY,
                        Arrays.stream(driver)
                                .map(value -> Double.isNaN(value) ? value : value == category ? 1 : 0)
                                .toArray());
            }
        }
        return features;
    }

    private static void add(List<Feature> features, int driver, double category, boolean withNeighbours, double penalty,
            double[] values) {
        features.add(new Feature(driver, category, 0, penalty, values));
        for (int shift = withNeighbours ? -1 : 2; shift <= 1; shift += 2) {
            features.add(new Feature(driver, category, shift, Math.max(penalty, PENALTY), shifted(values, -shift)));
        }
    }

    /** Beyond either end a feature is as usual. */
    private static double[] shifted(double[] feature, int by) {
        return IntStream.range(0, feature.length)
                .mapToDouble(t -> t + by < 0 || t + by >= feature.length ? 0 : feature[t + by])
                .toArray();
    }

    /** Steps of the moving mean. */
    private static int span(List<Season> seasons) {
        return Math.max(LEAST_SPAN, SPAN_SEASONS * (seasons.isEmpty() ? 1 : seasons.get(0).steps()));
    }

    /** Steps of the longest season whose phases are averaged in so many rows; 1 for none. */
    private static int longest(List<Season> seasons, int length) {
        return seasons.stream()
                .filter(season -> (season.found() ? CYCLES_OF_FOUND : CYCLES) * season.steps() <= length)
                .mapToInt(Season::steps)
                .max()
                .orElse(1);
    }

    /** The known rows of a column less their moving mean and then less the mean of their phase. */
    private static double[] withoutLevel(double[] column, int[] known, int length, List<Season> seasons) {
        int longest = longest(seasons, length);
        int half = span(seasons) / 2;
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
        return LinearSystem.solve(normal(from, to));
    }

    private double[][] normal(int from, int to) {
        int n = features.size();
        double[][] normal = Arrays.stream(ofAll).map(double[]::clone).toArray(double[][]::new);
        add(-1, normal, from, to);
        // Drivers that never vary have no effect.
        for (int i = 0; i < n; i++) {
            double times = Double.isNaN(features.get(i).category) ? 1 : strictness;
            normal[i][i] += penalties[i] == 0 ? 1 : times * penalties[i];
        }
        return normal;
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
        return IntStream.range(0, rows.length)
                .filter(k -> times[k] >= from && times[k] < to)
                .mapToObj(k -> rows[k])
                .toList();
    }

    /** By step of history and horizon, what the drivers add there, from the rows outside a stretch. */
    private double[] effects(int from, int to) {
        return effects(slopes(from, to), -1);
    }

    /** @param driver whose effects they are; −1 for all */
    private double[] effects(double[] slopes, int driver) {
        double[] effects = new double[features.get(0).values.length];
        for (int i = 0; i < slopes.length; i++) {
            if (driver >= 0 && features.get(i).driver != driver) continue;
            double[] values = filled.get(i);
            for (int t = 0; t < effects.length; t++) effects[t] += slopes[i] * values[t];
        }
        return Arrays.stream(effects).map(effect -> Double.isFinite(effect) ? effect : 0).toArray();
    }

    /** A feature whose missing values lie on a line, or are as usual, 0, where it is seldom other than that. */
    private static double[] filled(double[] feature) {
        long known = Arrays.stream(feature).filter(value -> !Double.isNaN(value)).count();
        if (known == feature.length) return feature;
        boolean isSeldom = Arrays.stream(feature).filter(value -> value == 0).count() >= USUAL * known;
        if (!isSeldom) return Gaps.filled(feature, feature.length);
        return Arrays.stream(feature).map(value -> Double.isNaN(value) ? 0 : value).toArray();
    }

    /** The effect of each driver on the steps after a history. */
    double[][] byDriver(int drivers, int history) {
        double[] slopes = slopes(0, 0);
        return IntStream.range(0, drivers).mapToObj(d -> {
            double[] all = effects(slopes, d);
            return Arrays.copyOfRange(all, history, all.length);
        }).toArray(double[][]::new);
    }

    /** What each driver adds where it is other than usual, and each of its categories; not what it adds before and after. */
    public List<Effect> list() {
        int n = features.size();
        double[] slopes = slopes(0, 0);
        double square = Arrays.stream(rows).mapToDouble(row -> {
            double rest = row[n] - IntStream.range(0, n).mapToDouble(i -> slopes[i] * row[i]).sum();
            return rest * rest;
        }).sum();
        double free = rows.length - n - levels;
        double variance = square / Math.max(1, free > 0 ? free : rows.length - n);
        double[][] inverse = LinearSystem.inverse(normal(0, 0));
        List<Effect> effects = new ArrayList<>();
        int whole = 0;
        for (int i = 0; i < n; i++) {
            Feature feature = features.get(i);
            if (feature.shift != 0) continue;
            boolean isCategory = !Double.isNaN(feature.category);
            if (!isCategory) whole = i;
            double spread = inverse[i][i];
            if (isCategory) spread += inverse[i][whole] + inverse[whole][i] + inverse[whole][whole];
            effects.add(new Effect(feature.driver, feature.category, slopes[i] + (isCategory ? slopes[whole] : 0),
                    Math.sqrt(Math.max(0, variance * spread))));
        }
        return effects;
    }

    /** Whether the drivers explain, in squares, parts of the history that their coefficients were not fitted to. */
    boolean isExplaining() {
        int n = features.size();
        // What categories have of their own is shrunk to nothing where it explains nothing.
        long free = features.stream().filter(feature -> Double.isNaN(feature.category)).count();
        double without = Arrays.stream(rows).mapToDouble(row -> row[n] * row[n]).sum();
        return leftOut() < (1 - (double) CLEARLY * free / rows.length) * without;
    }

    /** The sum of squares of what is left of each part of the history by the coefficients of the others. */
    private double leftOut() {
        int n = features.size();
        int first = times[0];
        int length = times[times.length - 1] + 1 - first;
        double sum = 0;
        for (int fold = 0; fold < FOLDS; fold++) {
            int from = first + fold * length / FOLDS;
            int to = first + (fold + 1) * length / FOLDS;
            double[] slopes = slopes(from, to);
            for (double[] row : between(from, to)) {
                double rest = row[n] - IntStream.range(0, n).mapToDouble(i -> slopes[i] * row[i]).sum();
                sum += rest * rest;
            }
        }
        return sum;
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
     * @param whole the forecast of the history as it is
     */
    Combination.Result added(Combination.Result rest, double[] history, Combination.Result whole) {
        double lower = whole.past().lower();
        double[] effects = effects(0, 0);
        double[] forecast = rest.values().clone();
        for (int h = 0; h < forecast.length; h++) forecast[h] += effects[history.length + h];
        Combination.keepFloats(forecast, lower);
        CrossValidation corrected = rest.past()
                .corrected(window -> Arrays.copyOfRange(effects(window.end(), window.to()), window.end(), window.to()),
                        history, lower);
        return rest.corrected(forecast, corrected, whole);
    }
}
