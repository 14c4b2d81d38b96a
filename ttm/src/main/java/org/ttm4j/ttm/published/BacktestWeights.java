package org.ttm4j.ttm.published;

import java.util.Arrays;

/**
 * Weights of several models by their errors on past windows of several series: the weights that a series itself suggests
 * are drawn towards those of all series together, the more the less its windows tell the models apart.
 * <pre>
 * c = 1/(E + ε),  A[m, j] = c[m, j]/(Σₘ c[m, j] + ε),  G[m] the same of the median of E[m, ·]
 * vⱼ = meanₘ (A[m, j] − G[m])²,  sⱼ = varianceₘ E[m, j]/windows,  λⱼ = vⱼ/(vⱼ + sⱼ + ε)
 * W = λ·A + (1 − λ)·G,  divided by (Σₘ W + ε)                          ε = 1e-6
 * </pre>
 * Stateless.
 */
public final class BacktestWeights {
    private static final double EPS = 1e-6;

    private BacktestWeights() {}

    /**
     * The weights, models × series.
     *
     * @param errors models × series, each the median over the windows; finite and not negative
     * @param windows how many windows there were
     */
    public static double[][] of(double[][] errors, int windows) {
        int models = errors.length;
        int series = errors[0].length;
        double[] global = shares(Arrays.stream(errors).mapToDouble(BacktestWeights::median).toArray());
        double[][] weights = new double[models][series];
        for (int j = 0; j < series; j++) {
            double[] own = new double[models];
            for (int m = 0; m < models; m++) own[m] = errors[m][j];
            double[] local = shares(own);
            double mean = Arrays.stream(own).average().orElseThrow();
            double between = 0;
            double variance = 0;
            for (int m = 0; m < models; m++) {
                between += Math.pow(local[m] - global[m], 2) / models;
                variance += Math.pow(own[m] - mean, 2) / models;
            }
            double lambda = between / (between + variance / windows + EPS);
            double sum = 0;
            for (int m = 0; m < models; m++) {
                weights[m][j] = lambda * local[m] + (1 - lambda) * global[m];
                sum += weights[m][j];
            }
            for (int m = 0; m < models; m++) weights[m][j] /= sum + EPS;
        }
        return weights;
    }

    /** 1/(error + ε) of each, over their sum and ε. */
    private static double[] shares(double[] errors) {
        double[] shares = Arrays.stream(errors).map(error -> 1 / (error + EPS)).toArray();
        double sum = Arrays.stream(shares).sum() + EPS;
        return Arrays.stream(shares).map(share -> share / sum).toArray();
    }

    /** The middle value, or the mean of the two in the middle. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }
}
