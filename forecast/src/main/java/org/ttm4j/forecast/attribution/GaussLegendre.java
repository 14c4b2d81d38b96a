package org.ttm4j.forecast.attribution;

/**
 * The points and weights of Gauss-Legendre quadrature on [0, 1]: exact for polynomials below twice the number of points.
 * Source: Abramowitz and Stegun 1964, 25.4.30, with points by Newton's method.
 */
record GaussLegendre(double[] points, double[] weights) {

    static GaussLegendre of(int n) {
        double[] points = new double[n];
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            double x = Math.cos(Math.PI * (i + 0.75) / (n + 0.5));
            double slope = 1;
            for (int iteration = 0; iteration < 20; iteration++) {
                double before = 0;
                double p = 1;
                for (int k = 1; k <= n; k++) {
                    double next = ((2 * k - 1) * x * p - (k - 1) * before) / k;
                    before = p;
                    p = next;
                }
                slope = n * (x * p - before) / (x * x - 1);
                x -= p / slope;
            }
            points[i] = (1 - x) / 2;
            weights[i] = 1 / ((1 - x * x) * slope * slope);
        }
        return new GaussLegendre(points, weights);
    }
}
