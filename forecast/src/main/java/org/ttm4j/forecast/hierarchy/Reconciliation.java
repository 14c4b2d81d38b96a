package org.ttm4j.forecast.hierarchy;

import java.util.Arrays;
import org.ttm4j.forecast.combine.LinearSystem;

/**
 * Brings forecasts of the nodes of a hierarchy to the nearest that add up, where near is measured by the covariance W of the
 * errors (minimum trace, MinT): ỹ = ŷ − W Cᵀ (C W Cᵀ)⁻¹ C ŷ, where C y = 0 says that each sum is that of its parts. Its
 * forecasts have the least variance of all that add up and are linear in ŷ. W is the covariance of the errors at earlier
 * origins, with correlations shrunk towards 0 by the share that has the least expected squared error. Immutable.
 *
 * <p>Sources: Wickramasuriya, Athanasopoulos and Hyndman 2019, doi:10.1080/01621459.2018.1448825; of the shrinkage, Schäfer and
 * Strimmer 2005, doi:10.2202/1544-6115.1175.
 *
 * @param parts the bottom series of each sum, as indices of nodes
 * @param gain nodes × sums: what of the amount by which a sum does not add up is taken from each node; null for bottom-up
 */
record Reconciliation(int[][] parts, int nodes, double[][] gain) {
    /** More nodes have variances alone: the covariance grows with their square. */
    private static final int MOST_NODES = 1500;
    /** What keeps the sums of parts that never differ from each other solvable, as a share of their variance. */
    private static final double RIDGE = 1e-9;

    /** Takes every sum from its parts. */
    static Reconciliation bottomUp(int[][] parts, int nodes) {
        return new Reconciliation(parts, nodes, null);
    }

    /**
     * By the errors of past forecasts.
     *
     * @param parts of each sum, the indices of its bottom series; the sums are the first nodes
     * @param errors rows × nodes
     * @param independent how many of the rows are independent of each other: the errors of one origin are little more than one
     */
    static Reconciliation minimumTrace(int[][] parts, int nodes, double[][] errors, int independent) {
        double[] variances = variances(errors, nodes);
        double[][] covariance = nodes > MOST_NODES ? null : covariance(errors, nodes, independent);
        int sums = parts.length;
        double[][] system = new double[sums][sums + nodes];
        for (int a = 0; a < sums; a++) {
            double[] row = new double[nodes];
            if (covariance == null) {
                row[a] = variances[a];
                for (int part : parts[a]) row[part] -= variances[part];
            } else {
                System.arraycopy(covariance[a], 0, row, 0, nodes);
                for (int part : parts[a]) for (int i = 0; i < nodes; i++) row[i] -= covariance[part][i];
            }
            System.arraycopy(row, 0, system[a], sums, nodes);
            for (int b = 0; b < sums; b++) {
                system[a][b] = row[b];
                for (int part : parts[b]) system[a][b] -= row[part];
            }
            system[a][a] += RIDGE * variances[a];
        }
        LinearSystem.eliminate(system);
        double[][] gain = new double[nodes][sums];
        for (int i = 0; i < nodes; i++) for (int a = 0; a < sums; a++) gain[i][a] = system[a][sums + i];
        return new Reconciliation(parts, nodes, gain);
    }

    /** The variances of errors about 0; the least is a share of the mean one. */
    private static double[] variances(double[][] errors, int nodes) {
        double[] variances = new double[nodes];
        for (double[] row : errors) for (int i = 0; i < nodes; i++) variances[i] += row[i] * row[i] / errors.length;
        double least = Math.max(Double.MIN_NORMAL, RIDGE * Arrays.stream(variances).average().orElse(1));
        return Arrays.stream(variances).map(variance -> Math.max(least, variance)).toArray();
    }

    /** The covariance of errors about 0, shrunk. */
    static double[][] covariance(double[][] errors, int nodes, int independent) {
        int rows = errors.length;
        double[] deviations = Arrays.stream(variances(errors, nodes)).map(Math::sqrt).toArray();
        double[][] covariance = new double[nodes][nodes];
        for (int i = 0; i < nodes; i++) covariance[i][i] = deviations[i] * deviations[i];
        double chance = 0;
        double squares = 0;
        for (int i = 0; i < nodes; i++) {
            for (int j = 0; j < i; j++) {
                double sum = 0;
                double ofSquares = 0;
                for (double[] row : errors) {
                    double product = row[i] * row[j] / (deviations[i] * deviations[j]);
                    sum += product;
                    ofSquares += product * product;
                }
                double correlation = sum / rows;
                chance += (ofSquares / rows - correlation * correlation) / Math.max(1, independent - 1);
                squares += correlation * correlation;
                covariance[i][j] = correlation;
            }
        }
        double kept = squares > 0 ? 1 - Math.clamp(chance / squares, 0, 1) : 0;
        for (int i = 0; i < nodes; i++) {
            for (int j = 0; j < i; j++) {
                covariance[i][j] *= kept * deviations[i] * deviations[j];
                covariance[j][i] = covariance[i][j];
            }
        }
        return covariance;
    }

    /**
     * The forecasts of a step, which then add up.
     *
     * @param values of the nodes; overwritten
     * @param closed nodes that are 0
     * @param lower least value of another bottom series
     */
    void apply(double[] values, boolean[] closed, double lower) {
        if (gain != null) {
            double[] missed = new double[parts.length];
            for (int a = 0; a < missed.length; a++) missed[a] = values[a] - sum(a, values);
            for (int i = parts.length; i < nodes; i++) {
                for (int a = 0; a < missed.length; a++) values[i] -= gain[i][a] * missed[a];
                if (closed[i]) values[i] = 0;
            }
            if (Double.isFinite(lower)) raise(values, closed, lower);
        }
        for (int a = 0; a < parts.length; a++) values[a] = sum(a, values);
    }

    /**
     * Raises bottom series to their least value, and lowers the others of each sum, from the lowest level to the total, by the
     * same share of what they are above it: raised alone, series that are often 0 would have too large totals.
     */
    private void raise(double[] values, boolean[] closed, double lower) {
        for (int a = 0; a < parts.length; a++) values[a] = sum(a, values);
        for (int i = parts.length; i < nodes; i++) if (!closed[i]) values[i] = Math.max(lower, values[i]);
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
