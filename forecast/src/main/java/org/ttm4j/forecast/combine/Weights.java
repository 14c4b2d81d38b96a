package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Weights of members from their errors at earlier origins, for each step of the horizon: prior · error^−sharpness, summing
 * to 1. After n steps of history that were forecast, the sharpness is 6.5 · n / (n + 4). In a short series without a season,
 * where windows overlap and errors within one are much alike, windows count and not steps, and members are told apart in so
 * far as their errors differ by more than chance: it is 6.5 · v / (v + 0.5 / w), where v is the variance of the logarithms of
 * the members' errors and w the number of windows (the shrinkage of empirical Bayes).
 *
 * <p>The error of a member at a step is the geometric mean of its mean absolute error over all steps and of that around the
 * step, so that what is right for tomorrow need not be right for next week.
 */
final class Weights {
    /** Chosen on the sets that docs/measurements/combination.md lists: 4 and 8 are as good within a hundredth. */
    static final double MOST_SHARPNESS = 6.5;
    /** Steps of history with which half of the sharpness is reached. */
    private static final double STEPS_OF_HALF = 4;
    /** The variance of the logarithm of the mean error of one window that is due to chance. */
    private static final double BY_CHANCE = 0.5;
    /** Steps around a step count by exp(−distance / (this share of the horizon)). */
    private static final double NEIGHBOURHOOD = 0.1;
    private static final double TINY = 1e-12;

    private Weights() {}

    /**
     * The weights, steps × members.
     *
     * @param errors members × windows × steps: absolute errors, NaN where nothing was observed, no steps where a member
     *     made no forecast
     * @param left a window that does not count; −1 for none
     * @param logPrior of each member
     * @param measured steps of the history that were forecast from one origin or more
     * @param windows how many windows without overlap these steps make, where windows of a series without a season overlap
     */
    static double[][] of(double[][][] errors, int left, double[] logPrior, int horizon, int measured,
            OptionalDouble windows) {
        double[] overall = new double[errors.length];
        double[][] around = new double[errors.length][];
        for (int i = 0; i < errors.length; i++) {
            double[][] counted = errors[i].clone();
            if (left >= 0) counted[left] = new double[0];
            overall[i] = mean(Arrays.stream(counted).mapToDouble(Weights::mean).toArray());
            around[i] = around(counted, horizon);
        }
        // A member without a measured error gets the error of the worst measured one.
        double worst = Arrays.stream(overall).filter(error -> !Double.isNaN(error)).max().orElse(1);
        double scale = worst > 0 ? worst : 1;
        double sharpness = MOST_SHARPNESS * (windows.isPresent()
                ? reliability(overall, scale, windows.getAsDouble())
                : measured / (measured + STEPS_OF_HALF));
        double[][] weights = new double[horizon][errors.length];
        for (int h = 0; h < horizon; h++) {
            for (int i = 0; i < errors.length; i++) {
                double error = Double.isNaN(overall[i]) ? worst : Math.sqrt(overall[i] * around[i][h]);
                weights[h][i] = logPrior[i] - sharpness * Math.log(error / scale + TINY);
            }
            softmax(weights[h]);
        }
        return weights;
    }

    /** The variance of the logarithms of the errors over the sum of that and what is by chance. */
    private static double reliability(double[] errors, double scale, double windows) {
        double[] logs = Arrays.stream(errors)
                .filter(error -> !Double.isNaN(error))
                .map(error -> Math.log(error / scale + TINY))
                .toArray();
        double mean = Arrays.stream(logs).average().orElse(0);
        double variance = Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).average().orElse(0);
        return variance / (variance + BY_CHANCE / windows);
    }

    private static void softmax(double[] logits) {
        double most = Arrays.stream(logits).max().orElse(0);
        for (int i = 0; i < logits.length; i++) logits[i] = Math.exp(logits[i] - most);
        double sum = Arrays.stream(logits).sum();
        for (int i = 0; i < logits.length; i++) logits[i] /= sum;
    }

    /** The mean of what is observed; NaN for nothing. */
    static double mean(double[] values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).average().orElse(Double.NaN);
    }

    /** Mean errors around each step, with weights that decay to both sides, in one pass for each side. */
    private static double[] around(double[][] windows, int horizon) {
        double[] sum = new double[horizon];
        double[] count = new double[horizon];
        for (double[] window : windows) {
            for (int h = 0; h < Math.min(horizon, window.length); h++) {
                if (Double.isNaN(window[h])) continue;
                sum[h] += window[h];
                count[h]++;
            }
        }
        double decay = Math.exp(-1 / (NEIGHBOURHOOD * horizon));
        double[] smoothSum = smooth(sum, decay);
        double[] smoothCount = smooth(count, decay);
        return IntStream.range(0, horizon).mapToDouble(h -> smoothSum[h] / smoothCount[h]).toArray();
    }

    /** y[h] = Σ decay^|h − g| · x[g]. */
    private static double[] smooth(double[] x, double decay) {
        double[] y = new double[x.length];
        double left = 0;
        for (int h = 0; h < x.length; h++) y[h] = left = left * decay + x[h];
        double right = 0;
        for (int h = x.length - 1; h >= 0; h--) {
            y[h] += right;
            right = (right + x[h]) * decay;
        }
        return y;
    }
}
