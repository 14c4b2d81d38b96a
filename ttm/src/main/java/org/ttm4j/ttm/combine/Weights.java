package org.ttm4j.ttm.combine;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Weights of members from their errors: prior · (mean absolute error)^−6, summing to 1. */
final class Weights {
    /** Chosen on the sets that docs/combination.md measures: 4 and 8 are as good within a hundredth. */
    private static final double SHARPNESS = 6;
    private static final double TINY = 1e-12;

    private Weights() {}

    /**
     * The weights.
     *
     * @param errors members × windows: mean absolute errors, NaN where a member made no forecast or nothing was observed
     * @param left a window that does not count; −1 for none
     * @param logPrior of each member
     */
    static double[] of(double[][] errors, int left, double[] logPrior) {
        double[] mean = new double[errors.length];
        for (int i = 0; i < mean.length; i++) {
            double[] own = errors[i];
            mean[i] = IntStream.range(0, own.length)
                    .filter(w -> w != left && !Double.isNaN(own[w]))
                    .mapToDouble(w -> own[w])
                    .average()
                    .orElse(Double.NaN);
        }
        // A member that could not be measured is taken for as bad as the worst that could.
        double worst = Arrays.stream(mean).filter(error -> !Double.isNaN(error)).max().orElse(1);
        double[] weights = new double[mean.length];
        for (int i = 0; i < mean.length; i++) {
            double error = Double.isNaN(mean[i]) ? worst : mean[i];
            weights[i] = logPrior[i] - SHARPNESS * Math.log(error / Math.max(worst, TINY) + TINY);
        }
        double most = Arrays.stream(weights).max().orElse(0);
        for (int i = 0; i < weights.length; i++) weights[i] = Math.exp(weights[i] - most);
        double sum = Arrays.stream(weights).sum();
        for (int i = 0; i < weights.length; i++) weights[i] /= sum;
        return weights;
    }
}
