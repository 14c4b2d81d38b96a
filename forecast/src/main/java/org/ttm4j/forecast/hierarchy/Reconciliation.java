package org.ttm4j.forecast.hierarchy;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Brings forecasts of the nodes of a hierarchy to the nearest that add up: those with the least Σ (ỹ − ŷ)² / variance over all
 * nodes, where each sum is that of its parts (minimum trace, MinT, without covariances). On the way up, each sum becomes
 * the mean of its own forecast and of the sum of its parts, by their precision. On the way down, what it then has more than
 * its parts is given to these in proportion to their variances. Immutable.
 *
 * <p>The variance of a node is a power of the standard deviation of its errors at earlier origins. The square is right for
 * independent errors. But a shock that hits all series adds up, where other errors cancel: the errors of a sum are then
 * large although its own forecast is better than the sum of its parts, and a lower power trusts it more. A higher power
 * trusts the parts. The one with the least errors at those origins is taken.
 *
 * <p>Source: Wickramasuriya, Athanasopoulos and Hyndman 2019, doi:10.1080/01621459.2018.1448825.
 *
 * @param parts the bottom series of each sum, as indices of nodes
 * @param parent of each node, the least sum that it is part of, whose index is lower; -1 of the total
 * @param variances of the forecasts of the nodes; infinite for a sum whose own forecast does not count
 */
record Reconciliation(int[][] parts, int[] parent, double[] variances) {
    /** The lowest trusts sums the most, the highest the bottom series. */
    private static final double[] POWERS = {0.75, 1.25, 2, 3};
    /** The least deviation, as a share of the mean one, so that the powers stay finite. */
    private static final double LEAST = 1e-5;

    /** Every sum becomes the sum of its parts (bottom-up). */
    static Reconciliation bottomUp(int[][] parts, int nodes) {
        double[] variances = new double[nodes];
        Arrays.setAll(variances, node -> node < parts.length ? Double.POSITIVE_INFINITY : 1);
        return new Reconciliation(parts, parents(parts, nodes), variances);
    }

    /**
     * With variances that follow from the errors of past forecasts.
     *
     * @param parts of each sum, the indices of its bottom series; the sums are the first nodes, each before those within it
     * @param errors rows × nodes
     */
    static Reconciliation byErrors(int[][] parts, int nodes, double[][] errors) {
        double[] squares = new double[nodes];
        for (double[] row : errors) addSquares(squares, row);
        double[] deviations = Arrays.stream(squares).map(Math::sqrt).toArray();
        double least = Math.max(Double.MIN_NORMAL, LEAST * Arrays.stream(deviations).average().orElse(0));
        int[] parent = parents(parts, nodes);
        double[] free = new double[nodes];
        Arrays.fill(free, Double.NEGATIVE_INFINITY);
        Reconciliation best = null;
        double lowest = Double.POSITIVE_INFINITY;
        for (double power : POWERS) {
            double[] variances = Arrays.stream(deviations)
                    .map(deviation -> Math.pow(Math.max(least, deviation) / least, power))
                    .toArray();
            Reconciliation one = new Reconciliation(parts, parent, variances);
            double[] after = new double[nodes];
            for (double[] row : errors) {
                double[] reconciled = row.clone();
                one.apply(reconciled, new boolean[nodes], free);
                addSquares(after, reconciled);
            }
            double growth = growth(after, squares, 0, 1) + growth(after, squares, parts.length, nodes);
            if (best == null || growth < lowest) {
                best = one;
                lowest = growth;
            }
        }
        return best;
    }

    static int[] parents(int[][] parts, int nodes) {
        int[] parent = new int[nodes];
        Arrays.fill(parent, -1);
        for (int sum = 0; sum < parts.length; sum++) {
            parent[sum] = parent[parts[sum][0]];
            for (int part : parts[sum]) parent[part] = sum;
        }
        return parent;
    }

    private static void addSquares(double[] squares, double[] errors) {
        for (int i = 0; i < errors.length; i++) squares[i] += errors[i] * errors[i];
    }

    /** The mean logarithm of after/before over some nodes. By logarithms, one nearly exact series cannot decide alone. */
    private static double growth(double[] after, double[] before, int from, int to) {
        return IntStream.range(from, to)
                .filter(node -> before[node] > 0)
                .mapToDouble(node -> Math.log(Math.max(Double.MIN_NORMAL, after[node]) / before[node]))
                .average()
                .orElse(0);
    }

    /**
     * The forecasts of a step, which then add up.
     *
     * @param values of the nodes; overwritten
     * @param closed of the bottom series, those that are 0
     * @param lower least values of the nodes, of which those of the other bottom series count; negative infinity for none
     */
    void apply(double[] values, boolean[] closed, double[] lower) {
        int nodes = values.length;
        double[] combined = new double[nodes];
        double[] sums = new double[nodes];
        double[] variancesOfSums = new double[nodes];
        for (int node = nodes - 1; node >= 0; node--) {
            if (node >= parts.length) {
                combined[node] = closed[node] ? 0 : variances[node];
                if (closed[node]) values[node] = 0;
            } else {
                double own = variancesOfSums[node] / (variancesOfSums[node] + variances[node]);
                values[node] = sums[node] + own * (values[node] - sums[node]);
                combined[node] = variancesOfSums[node] / (1 + variancesOfSums[node] / variances[node]);
            }
            if (node == 0) break;
            sums[parent[node]] += values[node];
            variancesOfSums[parent[node]] += combined[node];
        }
        for (int node = 1; node < nodes; node++) {
            int sum = parent[node];
            if (variancesOfSums[sum] > 0) {
                values[node] += combined[node] / variancesOfSums[sum] * (values[sum] - sums[sum]);
            }
        }
        raise(values, closed, lower);
        for (int a = 0; a < parts.length; a++) values[a] = sum(a, values);
    }

    /**
     * Raises bottom series to their least value, and lowers the others of each sum, from the lowest level to the total, by the
     * same share of what they are above it: raised alone, series that are often 0 would have too large totals. A sum with a
     * part that has no least value is not corrected: it grows by what its other parts are raised.
     */
    private void raise(double[] values, boolean[] closed, double[] lower) {
        for (int a = 0; a < parts.length; a++) values[a] = sum(a, values);
        for (int i = parts.length; i < values.length; i++) if (!closed[i]) values[i] = Math.max(lower[i], values[i]);
        for (int a = parts.length - 1; a >= 0; a--) {
            double least = 0;
            for (int part : parts[a]) if (!closed[part]) least += lower[part];
            if (Double.isInfinite(least)) continue;
            double raised = sum(a, values) - least;
            double share = raised > 0 ? Math.clamp((values[a] - least) / raised, 0, 1) : 1;
            if (share == 1) continue;
            for (int part : parts[a])
                if (!closed[part]) values[part] = lower[part] + share * (values[part] - lower[part]);
        }
    }

    private double sum(int node, double[] values) {
        double sum = 0;
        for (int part : parts[node]) sum += values[part];
        return sum;
    }
}
