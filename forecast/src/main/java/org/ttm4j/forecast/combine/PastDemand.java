package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ttm4j.ttm.series.Gaps;

/**
 * {@linkplain IntermittentDemand Intermittent demand} as a distribution: the values of the history, of the same phase of the season where that
 * matters, the newer ones with more weight. Its mean is that of exponential smoothing; the smoothing, and whether phases are
 * told apart, are those of the smallest squared error one step ahead in the second half of the history.
 *
 * @param values by phase, ascending
 * @param weights of these values, up to and with each of them; the last is 1
 * @param counts by phase, how many values of equal weight say as much as these
 * @param length of the history
 */
record PastDemand(double[][] values, double[][] weights, double[] counts, int length) {
    private static final double[] SMOOTHING = {0.005, 0.02, 0.05, 0.1, 0.2};
    /** The fewest seasons in each half of the history for a distribution by phase. */
    private static final int SEASONS = 4;
    /** Forecasts know more than past demand where their squared error is below this share of that of its mean. */
    private static final double NEARER = 0.95;
    private static final double ROUNDING = 1e-9;

    /** The levels of the phases, smoothed. */
    private static final class Levels {
        final double kept;
        final double[] sums;
        final double[] counts;

        Levels(double smoothing, int season) {
            kept = 1 - smoothing;
            sums = new double[season];
            counts = new double[season];
        }

        void add(int time, double value) {
            int phase = time % sums.length;
            sums[phase] = kept * sums[phase] + value;
            counts[phase] = kept * counts[phase] + 1;
        }

        double at(int time) {
            int phase = time % sums.length;
            return counts[phase] == 0 ? 0 : sums[phase] / counts[phase];
        }
    }

    /** The demand of a history; empty where it is no such demand, or the forecasts know more. */
    static Optional<PastDemand> of(double[] history, CrossValidation past) {
        if (!IntermittentDemand.is(history)) return Optional.empty();
        // Zeros at each step would make any smoothing forget at once that there was demand.
        if (EndOfDemand.zeros(history) > 0) return Optional.of(of(history, 0, 1));
        int known = history.length - Gaps.atBeginning(history);
        double bestSmoothing = 0;
        int bestSeason = 1;
        double least = Double.POSITIVE_INFINITY;
        for (int season : new int[]{1, past.season()}) {
            if (season > 1 && known < 2 * SEASONS * season) continue;
            for (double smoothing : SMOOTHING) {
                double error = error(history, new Levels(smoothing, season));
                if (!(error < least)) continue;
                least = error;
                bestSmoothing = smoothing;
                bestSeason = season;
            }
        }
        if (isFurther(history, past, bestSmoothing, bestSeason)) return Optional.empty();
        return Optional.of(of(history, bestSmoothing, bestSeason));
    }

    private static PastDemand of(double[] history, double smoothing, int season) {
        double[][] values = new double[season][];
        double[][] weights = new double[season][];
        double[] counts = new double[season];
        double kept = 1 - smoothing;
        for (int phase = 0; phase < season; phase++) {
            double[] known = IntStream.iterate(phase, t -> t < history.length, t -> t + season)
                    .mapToDouble(t -> history[t])
                    .filter(value -> !Double.isNaN(value))
                    .toArray();
            if (known.length == 0) known = Arrays.stream(history).filter(value -> !Double.isNaN(value)).toArray();
            double[] ordered = known;
            List<Integer> order = IntStream.range(0, known.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> ordered[i]))
                    .toList();
            values[phase] = order.stream().mapToDouble(i -> ordered[i]).toArray();
            weights[phase] = order.stream().mapToDouble(i -> Math.pow(kept, ordered.length - 1 - i)).toArray();
            for (int i = 1; i < known.length; i++) weights[phase][i] += weights[phase][i - 1];
            double sum = weights[phase][known.length - 1];
            for (int i = 0; i < known.length; i++) weights[phase][i] /= sum;
            double[] upTo = weights[phase];
            counts[phase] = 1 / IntStream.range(0, known.length).mapToDouble(i -> Math.pow(weight(upTo, i), 2)).sum();
        }
        return new PastDemand(values, weights, counts, history.length);
    }

    /** The squared error one step ahead, in the second half. */
    private static double error(double[] history, Levels levels) {
        int begin = Gaps.atBeginning(history);
        double error = 0;
        for (int t = 0; t < history.length; t++) {
            if (Double.isNaN(history[t])) continue;
            double missed = history[t] - levels.at(t);
            if (t - begin >= (history.length - begin) / 2) error += missed * missed;
            levels.add(t, history[t]);
        }
        return error;
    }

    /** Whether, in squares, what came after the earlier origins is clearly nearer to their forecasts. */
    private static boolean isFurther(double[] history, CrossValidation past, double smoothing, int season) {
        double own = 0;
        double ofForecasts = 0;
        for (CrossValidation.Window window : past.windows()) {
            int end = window.end();
            Levels levels = new Levels(smoothing, season);
            for (int t = 0; t < end; t++) if (!Double.isNaN(history[t])) levels.add(t, history[t]);
            double[] residuals = window.residuals();
            for (int h = 0; h < residuals.length; h++) {
                if (Double.isNaN(residuals[h])) continue;
                double missed = history[end + h] - levels.at(end + h);
                own += missed * missed;
                ofForecasts += residuals[h] * residuals[h];
            }
        }
        return ofForecasts < NEARER * own;
    }

    /** Quantiles of a step after the history, for ascending levels. */
    double[] quantiles(int step, double[] levels) {
        int phase = (length + step) % values.length;
        double[] quantiles = new double[levels.length];
        int at = 0;
        for (int i = 0; i < levels.length; i++) {
            while (at < values[phase].length - 1 && weights[phase][at] < levels[i] - ROUNDING) at++;
            quantiles[i] = values[phase][at];
        }
        return quantiles;
    }

    /** The mean of a step after the history. */
    double mean(int step) {
        int phase = (length + step) % values.length;
        double mean = 0;
        for (int i = 0; i < values[phase].length; i++) mean += values[phase][i] * weight(weights[phase], i);
        return mean;
    }

    private static double weight(double[] upTo, int i) {
        return upTo[i] - (i == 0 ? 0 : upTo[i - 1]);
    }

    /** Whether a level lies among the values of a step: n of them leave one of n + 1 to come outside. */
    boolean holds(int step, double level) {
        return Math.min(level, 1 - level) >= 1 / (1 + counts[(length + step) % counts.length]) - ROUNDING;
    }

    /**
     * The correlation of two steps to come, 1/(1 + n): the mean of n values, which is all that is known of both, has an n-th of
     * the variance of a value.
     */
    double correlation() {
        return 1 / (1 + Arrays.stream(counts).sum());
    }
}
