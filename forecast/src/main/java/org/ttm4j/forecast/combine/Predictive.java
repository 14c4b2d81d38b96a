package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ttm4j.forecast.interval.Quantiles;

/**
 * The predictive distribution of each step after a history: the quantiles of the forecast, and the distribution that gives
 * the mean and the sample paths. They are the same, with two exceptions in which the combination's quantiles are too
 * symmetric:
 *
 * <ul>
 * <li>Of a positive history whose errors at the earlier origins are more likely those of a lognormal distribution than of a
 * normal one, quantiles are averaged with those of a lognormal distribution whose outer deciles are as far apart, weighted by
 * how likely that is: for means and paths only, as the forecast's quantiles gain nothing.
 * <li>{@linkplain IntermittentDemand Intermittent demand} is distributed as its {@link PastDemand}, unless the forecasts from
 * the earlier origins were clearly nearer to what came than the mean of that, or drivers have a part in these. The forecast's quantiles
 * are those too, except that the median stays the forecast. Levels beyond what so few values can show are the combination's,
 * where these are wider. A forecast above their 0.9 quantile is reduced to it where its phase of the season has had
 * demand at most once: members that repeat this demand were never tested, unless it lies within the last season and before an
 * earlier origin.
 * </ul>
 *
 * <p>Used by one thread.
 */
public final class Predictive {
    /** Points of the integral over the quantiles, which lie closer at both ends: p = 3t² − 2t³. */
    private static final int POINTS = 32;
    private static final Levels LEVELS;
    private static final Levels OUTER_DECILES = Levels.of(new double[]{0.1, 0.9});
    private static final double[] POINT_WEIGHTS = new double[POINTS];
    private static final double MOST_DEVIATION = 1.5;
    /** Of relative errors: below, no distribution is skewed. */
    private static final double LEAST_VARIANCE = 1e-6;
    /** Prior deviation of the logarithm of mean over forecast, as a share of it. */
    private static final double UNCERTAIN = 0.5;

    static {
        double sum = 0;
        double[] levels = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            double t = (i + 0.5) / POINTS;
            levels[i] = t * t * (3 - 2 * t);
            POINT_WEIGHTS[i] = t * (1 - t);
            sum += POINT_WEIGHTS[i];
        }
        for (int i = 0; i < POINTS; i++) POINT_WEIGHTS[i] /= sum;
        LEVELS = Levels.of(levels);
    }

    /** Ascending levels, with the quantiles of a logistic and a normal distribution: computed once for all steps. */
    record Levels(double[] values, double[] logits, double[] normals) {
        static Levels of(double[] values) {
            return new Levels(values, Arrays.stream(values).map(level -> Math.log(level / (1 - level))).toArray(),
                    Arrays.stream(values).map(Predictive::normal).toArray());
        }
    }

    private final Combination.Result result;
    private final double[] history;
    private final double upper;
    private final Optional<PastDemand> demand;
    /** How likely errors are lognormal, and the mean and, by step, the deviations of logarithms; null where it is unknown. */
    private double share;
    private double shift;
    private double[] deviations;

    /**
     * Of a forecast.
     *
     * @param history that was forecast; NaN = missing
     * @param upper largest value; ∞ for none
     * @param hasDrivers whether drivers, which past demand does not know, have a part in it
     */
    public Predictive(Combination.Result result, double[] history, double upper, boolean hasDrivers) {
        this.history = history;
        this.upper = upper;
        demand = hasDrivers ? Optional.empty() : PastDemand.of(history, result.past());
        this.result = demand.map(past -> result.with(withoutUntriedDemand(result, past))).orElse(result);
        if (demand.isEmpty()) compareLogarithms();
    }

    private double[] withoutUntriedDemand(Combination.Result of, PastDemand past) {
        double[] values = of.values().clone();
        int season = of.past().season();
        int known = of.past().windows().stream().mapToInt(CrossValidation.Window::end).max().orElse(0);
        for (int h = 0; h < values.length; h++) {
            int[] demands = IntStream.iterate((history.length + h) % season, t -> t < history.length, t -> t + season)
                    .filter(t -> history[t] > 0)
                    .toArray();
            boolean isTried = demands.length > 1
                    || demands.length == 1 && demands[0] >= history.length - season && demands[0] < known;
            if (!isTried) values[h] = Math.min(values[h], past.quantiles(h, OUTER_DECILES.values)[1]);
        }
        return values;
    }

    private void compareLogarithms() {
        CrossValidation past = result.past();
        DoubleSummary ratios = new DoubleSummary();
        DoubleSummary logarithms = new DoubleSummary();
        DoubleSummary byOrigin = new DoubleSummary();
        double allCame = 0;
        double allForecasts = 0;
        for (CrossValidation.Window window : past.windows()) {
            double[] residuals = window.residuals();
            double came = 0;
            double forecasts = 0;
            for (int h = 0; h < residuals.length; h++) {
                if (Double.isNaN(residuals[h])) continue;
                double forecast = window.forecast()[h];
                double ratio = 1 + residuals[h] / forecast;
                if (!(forecast > 0 && ratio > 0)) return;
                came += forecast + residuals[h];
                forecasts += forecast;
                ratios.add(ratio);
                logarithms.add(Math.log(ratio));
            }
            if (came > 0) byOrigin.add(Math.log(came / forecasts));
            allCame += came;
            allForecasts += forecasts;
        }
        double[] ofSteps = new double[result.values().length];
        for (int h = 0; h < ofSteps.length; h++) {
            double middle = result.values()[h];
            if (!(middle > 0)) return;
            // Lognormal deciles lie 2 · median · sinh(deviation · normal) apart: as far as those of the forecast.
            double[] ends = result.spread().quantiles(OUTER_DECILES, h, middle);
            double half = (ends[1] - ends[0]) / middle / 2;
            ofSteps[h] = Math.min(MOST_DEVIATION, Math.log(half + Math.hypot(half, 1)) / OUTER_DECILES.normals[1]);
        }
        if (!(Math.min(logarithms.variance(), ratios.variance()) > LEAST_VARIANCE)) return;
        double likelier = Math.log(ratios.variance() / logarithms.variance()) / 2 - logarithms.mean();
        double independent = Math.min(logarithms.count, Spread.INDEPENDENT_ERRORS * byOrigin.count);
        share = 1 / (1 + Math.exp(-likelier * independent));
        deviations = ofSteps;
        // The ratio of total truth to total forecast, and its value if forecasts are medians, weighted by precision.
        double ofMedian = Math.log(Arrays.stream(deviations).map(of -> Math.exp(of * of / 2)).average().orElse(1));
        double chance = (Math.exp(logarithms.variance()) - 1) / independent;
        double variance = Math.max(chance, byOrigin.count < 2 ? 0 : byOrigin.variance() / (byOrigin.count - 1));
        double weight = 1 / (1 + variance / (UNCERTAIN * UNCERTAIN * ofMedian * ofMedian));
        shift = weight * (Math.log(allCame / allForecasts) - ofMedian);
    }

    /** The mean and the variance of some numbers. */
    private static final class DoubleSummary {
        int count;
        private double sum;
        private double squares;

        void add(double value) {
            count++;
            sum += value;
            squares += value * value;
        }

        double mean() {
            return sum / count;
        }

        double variance() {
            return squares / count - mean() * mean();
        }
    }

    /** What was forecast. */
    public Combination.Result result() {
        return result;
    }

    /**
     * The quantiles of the forecast.
     *
     * @param levels ascending
     */
    public Quantiles quantiles(double[] levels) {
        Quantiles combined = result.spread().quantiles(result.values(), levels);
        if (demand.isEmpty()) return combined;
        double[][][] values = combined.doubleValues();
        // By phase, as they are the same one season later.
        double[][] byPhase = IntStream.range(0, Math.min(demand.get().counts().length, steps()))
                .mapToObj(h -> demand.get().quantiles(h, levels))
                .toArray(double[][]::new);
        for (int h = 0; h < steps(); h++) {
            double[] ofDemand = byPhase[h % byPhase.length];
            for (int i = 0; i < levels.length; i++) {
                boolean isLower = levels[i] < Spread.MIDDLE;
                double least = demand.get().holds(h, levels[i]) ? result.values()[h] : values[i][0][h];
                double outermost = isLower ? Math.min(least, ofDemand[i]) : Math.max(least, ofDemand[i]);
                values[i][0][h] = levels[i] == Spread.MIDDLE ? result.values()[h] : outermost;
            }
        }
        return new Quantiles(levels, values, combined.windows());
    }

    /** The correlation that all steps share because the mean of demand is uncertain; 0 for other series. */
    double correlation() {
        return demand.map(PastDemand::correlation).orElse(0.0);
    }

    /** Quantiles of a step's distribution for ascending levels. */
    double[] quantiles(int step, Levels levels) {
        double[] quantiles = demand.map(of -> of.quantiles(step, levels.values)).orElseGet(() -> spread(step, levels));
        for (int i = 0; i < quantiles.length; i++) {
            quantiles[i] = Math.min(upper, Math.max(result.past().lower(), quantiles[i]));
        }
        return quantiles;
    }

    private double[] spread(int step, Levels levels) {
        double middle = result.values()[step];
        double[] quantiles = result.spread().quantiles(levels, step, middle);
        for (int i = 0; i < quantiles.length && deviations != null; i++) {
            double lognormal = middle * Math.exp(shift + deviations[step] * levels.normals[i]);
            quantiles[i] += share * (lognormal - quantiles[i]);
        }
        return quantiles;
    }

    /** The quantile of a standard normal distribution, within .01 for levels of 0.005 to 0.995 (Tukey's lambda). */
    public static double normal(double level) {
        return 4.91 * (Math.pow(level, 0.14) - Math.pow(1 - level, 0.14));
    }

    /** The mean of each step. */
    public double[] mean() {
        double[] means = new double[result.values().length];
        for (int h = 0; h < means.length; h++) {
            if (demand.isPresent()) {
                means[h] = Math.min(upper, Math.max(result.past().lower(), demand.get().mean(h)));
                continue;
            }
            double[] quantiles = quantiles(h, LEVELS);
            for (int i = 0; i < POINTS; i++) means[h] += POINT_WEIGHTS[i] * quantiles[i];
            means[h] = Math.min(quantiles[POINTS - 1], Math.max(quantiles[0], means[h]));
        }
        return means;
    }

    int steps() {
        return result.values().length;
    }

    /**
     * What orders the sample paths: the errors at an earlier origin over their size there; NaN = unknown. Of demand distributed
     * as in the past the values themselves: forecasts from several origins are not equal, and would order days without demand.
     */
    double[] errors(CrossValidation.Window past) {
        return IntStream.range(0, past.residuals().length)
                .mapToDouble(h -> demand.isPresent() ? history[past.end() + h] : past.residuals()[h] / past.size())
                .toArray();
    }
}
