package org.ttm4j.forecast.combine;

import java.util.Optional;

/**
 * A line and harmonics of a year through the history less its season, by least squares, and an
 * {@linkplain Autoregression autoregression} of the rest: for steps of which a year has too many for each to be known by
 * itself. Harmonics, up to eight, are as many as have the least BIC.
 *
 * @param period steps of a year, which need not be whole
 */
record SmoothYear(String name, double period) implements Member {
    private static final int MOST_HARMONICS = 8;
    private static final double LEAST_YEARS = 1.5;
    /** Of the squares of a term, what is added to them where terms are much alike. */
    private static final double RIDGE = 1e-6;

    @Override
    public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon) {
        double[] values = parts.deseasonalised();
        int n = Combination.observed(values);
        if (values.length < LEAST_YEARS * period || n < LEAST_YEARS * period / 2) return Optional.empty();
        double[][] terms = terms(values.length + horizon, values.length);
        double mean = Weights.mean(values);
        int most = terms[0].length;
        double[][] products = new double[most][most + 1];
        double squares = 0;
        for (int t = 0; t < values.length; t++) {
            if (Double.isNaN(values[t])) continue;
            double around = values[t] - mean;
            squares += around * around;
            for (int i = 0; i < most; i++) {
                for (int j = 0; j < most; j++) products[i][j] += terms[t][i] * terms[t][j];
                products[i][most] += terms[t][i] * around;
            }
        }
        double[] fit = fit(products, squares, n);
        double[] rest = new double[values.length];
        for (int t = 0; t < rest.length; t++) rest[t] = values[t] - mean - at(fit, terms[t]);
        double[] ahead = Autoregression.ahead(Member.recent(rest), horizon);
        return Attempt.of(horizon, h -> mean + at(fit, terms[values.length + h]) + ahead[h] + parts.season(h));
    }

    /**
     * The coefficients of as many terms as have the least BIC.
     *
     * @param products of the terms with each other, and beside them with the values
     * @param squares of the values
     * @param n values
     */
    private static double[] fit(double[][] products, double squares, int n) {
        int most = products.length;
        double[] best = {};
        double least = Double.POSITIVE_INFINITY;
        for (int size = 2; size <= most; size += 2) {
            double[][] system = new double[size][size + 1];
            for (int i = 0; i < size; i++) {
                System.arraycopy(products[i], 0, system[i], 0, size);
                system[i][i] *= 1 + RIDGE;
                system[i][size] = products[i][most];
            }
            double[] fit = LinearSystem.solve(system);
            double left = squares;
            for (int i = 0; i < size; i++) left -= fit[i] * products[i][most];
            double cost = n * Math.log(Math.max(left, RIDGE * squares)) + size * Math.log(n);
            if (!(cost < least)) continue;
            least = cost;
            best = fit;
        }
        return best;
    }

    /** By step a constant, a line that is 1 after {@code length} steps, and cosine and sine of each harmonic. */
    private double[][] terms(int steps, int length) {
        double[][] terms = new double[steps][2 + 2 * MOST_HARMONICS];
        for (int t = 0; t < steps; t++) {
            double turn = 2 * Math.PI * t / period;
            double cosine = Math.cos(turn);
            double sine = Math.sin(turn);
            double[] row = terms[t];
            row[0] = 1;
            row[1] = t / (double) length;
            row[2] = cosine;
            row[3] = sine;
            for (int i = 4; i < row.length; i += 2) {
                row[i] = row[i - 2] * cosine - row[i - 1] * sine;
                row[i + 1] = row[i - 1] * cosine + row[i - 2] * sine;
            }
        }
        return terms;
    }

    private static double at(double[] fit, double[] terms) {
        double at = 0;
        for (int i = 0; i < fit.length; i++) at += fit[i] * terms[i];
        return at;
    }
}
