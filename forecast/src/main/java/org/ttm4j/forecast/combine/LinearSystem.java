package org.ttm4j.forecast.combine;

import java.util.Arrays;

/** Positive definite systems of equations, by Gauss and Jordan's elimination, which needs no pivoting there. Stateless. */
final class LinearSystem {
    private LinearSystem() {}

    /**
     * Solves A X = B in place.
     *
     * @param system A (n × n), and beside it B (n × any number); then B holds X, and A is of no more use
     */
    private static void eliminate(double[][] system) {
        for (int p = 0; p < system.length; p++) {
            double pivot = system[p][p];
            for (int c = p; c < system[p].length; c++) system[p][c] /= pivot;
            for (int r = 0; r < system.length; r++) {
                double factor = system[r][p];
                if (r == p || factor == 0) continue;
                for (int c = p; c < system[r].length; c++) system[r][c] -= factor * system[p][c];
            }
        }
    }

    /** The solution of a system whose right-hand side is the one column beside it; overwrites it. */
    static double[] solve(double[][] system) {
        eliminate(system);
        return Arrays.stream(system).mapToDouble(row -> row[system.length]).toArray();
    }

    /** The inverse of a matrix, whose rows may be longer. */
    static double[][] inverse(double[][] matrix) {
        int n = matrix.length;
        double[][] system = new double[n][2 * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(matrix[i], 0, system[i], 0, n);
            system[i][n + i] = 1;
        }
        eliminate(system);
        return Arrays.stream(system).map(row -> Arrays.copyOfRange(row, n, 2 * n)).toArray(double[][]::new);
    }
}
