package org.ttm4j.forecast.hierarchy;

import java.util.Arrays;

/**
 * Brings forecasts of the nodes of a hierarchy to the nearest that add up, where the distance at a node is measured by a weight:
 * the least Σ (ỹ − ŷ)² / weight such that each sum is that of its parts (minimum trace, MinT, with uncorrelated errors). On the
 * way up, each sum becomes the mean of its own forecast and that of the sum of its parts, by their precision; on the way
 * down, what a sum has more than its parts is given to these in proportion to their variances. Immutable.
 *
 * <p>A weight is a power of the standard deviation of a node's errors at earlier origins. Forecasts have the least variance
 * with the square if errors are independent; but what nobody foresees adds up, so that the errors of a sum are large and
 * its own forecast is nearest all the same. The power is therefore the one with the least errors of the total and of
 * the bottom series at those origins.
 *
 * <p>Source: Wickramasuriya, Athanasopoulos and Hyndman 2019, doi:10.1080/01621459.2018.1448825.
 *
 * @param parts the bottom series of each sum, as indices of nodes
 * @param parent of each node, the least sum that it is part of, whose index is lower; -1 of the total
 * @param weights of the nodes; infinite for sums that are those of their parts
 */
record Reconciliation(int[][] parts, int[] parent, double[] weights) {
    private static final double[] POWERS = {0.75, 1.25, 2, 3};
    /** The least deviation, as a share of the mean one. */
    private static final double LEAST = 1e-5;

    /** Takes every sum from its parts. */
    static Reconciliation bottomUp(int[][] parts, int nodes) {
        double[] weights = new double[nodes];
        Arrays.setAll(weights, node -> node < parts.length ? Double.POSITIVE_INFINITY : 1);
        return new Reconciliation(parts, parents(parts, nodes), weights);
    }

    /**
     * By the errors of past forecasts.
     *
     * @param parts of each sum, the indices of its bottom series; the sums are the first nodes, each before those within it
     * @param errors rows × nodes
     */
    static Reconciliation minimumTrace(int[][] parts, int nodes, double[][] errors) {
        double[] variances = variances(errors, nodes);
        double[] deviations = Arrays.stream(variances).map(Math::sqrt).toArray();
        double mean = Arrays.stream(deviations).average().orElse(0);
        double least = Math.max(Float.MIN_NORMAL, LEAST * mean);
        int[] parent = parents(parts, nodes);
        Reconciliation best = null;
        double lowest = Double.POSITIVE_INFINITY;
        for (double power : POWERS) {
            double[] weights = Arrays.stream(deviations)
                    .map(d -> Math.pow(Math.max(least, d) / least, power))
                    .toArray();
            Reconciliation one = new Reconciliation(parts, parent, weights);
            double[][] reconciled = Arrays.stream(errors).map(double[]::clone).toArray(double[][]::new);
            for (double[] row : reconciled) one.apply(row, new boolean[nodes], Double.NEGATIVE_INFINITY);
            double ratio = ratio(variances(reconciled, nodes), variances, parts.length);
            if (best == null || ratio < lowest) {
                best = one;
                lowest = ratio;
            }
        }
        return best;
    }

    private static int[] parents(int[][] parts, int nodes) {
        int[] parent = new int[nodes];
        Arrays.fill(parent, -1);
        for (int sum = 0; sum < parts.length; sum++) {
            parent[sum] = parent[parts[sum][0]];
            for (int part : parts[sum]) parent[part] = sum;
        }
        return parent;
    }

    /** The mean squares of errors. */
    private static double[] variances(double[][] errors, int nodes) {
        double[] variances = new double[nodes];
        for (double[] row : errors) for (int i = 0; i < nodes; i++) variances[i] += row[i] * row[i] / errors.length;
        return variances;
    }

    /** The ratio of the squared errors of the total, and the mean one of the bottom series. */
    private static double ratio(double[] after, double[] before, int sums) {
        double bottom = 0;
        for (int i = sums; i < before.length; i++) if (before[i] > 0) bottom += after[i] / before[i];
        return (before[0] > 0 ? after[0] / before[0] : 0) + bottom / (before.length - sums);
    }

    /**
     * The forecasts of a step, which then add up.
     *
     * @param values of the nodes; overwritten
     * @param closed nodes that are 0
     * @param lower least value of another bottom series
     */
    void apply(double[] values, boolean[] closed, double lower) {
        int nodes = values.length;
        double[] variances = new double[nodes];
        double[] sums = new double[nodes];
        double[] variancesOfSums = new double[nodes];
        for (int node = nodes - 1; node >= 0; node--) {
            if (node >= parts.length) {
                variances[node] = closed[node] ? 0 : weights[node];
                if (closed[node]) values[node] = 0;
            } else {
                double own = variancesOfSums[node] / (variancesOfSums[node] + weights[node]);
                values[node] = sums[node] + own * (values[node] - sums[node]);
                variances[node] = (1 - own) * variancesOfSums[node];
            }
            if (node == 0) break;
            sums[parent[node]] += values[node];
            variancesOfSums[parent[node]] += variances[node];
        }
        for (int node = 1; node < nodes; node++) {
            int sum = parent[node];
            if (variancesOfSums[sum] > 0) {
                values[node] += variances[node] / variancesOfSums[sum] * (values[sum] - sums[sum]);
            }
        }
        if (Double.isFinite(lower)) raise(values, closed, lower);
        for (int a = 0; a < parts.length; a++) values[a] = sum(a, values);
    }

    /**
     * Raises bottom series to their least value, and lowers the others of each sum, from the lowest level to the total, by the
     * same share of what they are above it: raised alone, series that are often 0 would have too large totals.
     */
    private void raise(double[] values, boolean[] closed, double lower) {
        for (int a = 0; a < parts.length; a++) values[a] = sum(a, values);
        for (int i = parts.length; i < values.length; i++) if (!closed[i]) values[i] = Math.max(lower, values[i]);
        for (int a = parts.length - 1; a >= 0; a--) {
            double least = 0;
            for (int part : parts[a]) if (!closed[part]) least += lower;
            double raised = sum(a, values) - least;
            double share = raised > 0 ? Math.clamp((values[a] - least) / raised, 0, 1) : 1;
            if (share == 1) continue;
            for (int part : parts[a]) if (!closed[part]) values[part] = lower + share * (values[part] - lower);
        }
    }

    private double sum(int node, double[] values) {
        double sum = 0;
        for (int part : parts[node]) sum += values[part];
        return sum;
    }
}
