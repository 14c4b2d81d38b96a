package org.ttm4j.engine.scalar;

/**
 * The exponential and the normal distribution without branches, tables or bit patterns, so that C2 vectorises a loop
 * that calls one of them. It does so only if the loop is short (hence rational functions, where the
 * exponential would serve, but longer) and reads and writes the same elements of one array (otherwise it cannot know that iterations are
 * independent). Double precision costs little in such a loop and leaves no rounding errors to care about.
 */
final class ScalarMath {
    /** Beyond, Φ(x) is 0 or 1 and gelu′(x) too, within the accuracy of the fits. */
    private static final double DISTRIBUTION_END = 5.7;

    private static final double SLOPE_END = 5.8;

    private ScalarMath() {}

    /**
     * eˣ for x ≤ 0, as (e^(x/1024))¹⁰²⁴ with five Taylor terms and ten squarings: the relative error is below 1e-6 at
     * x = −90 and below 1e-12 at x = −5. Below −104, where a float is 0, x is taken as −104. NaN gives NaN.
     */
    static double exp(double x) {
        double r = Math.max(x, -104.0) * (1.0 / 1024);
        double y = 1 + r * (1 + r * (1.0 / 2 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120)))));
        y *= y;
        y *= y;
        y *= y;
        y *= y;
        y *= y;
        y *= y;
        y *= y;
        y *= y;
        y *= y;
        return y * y;
    }

    /**
     * Φ(x), the standard normal distribution function: 1/2 plus the minimax fit x·P(x²)/Q(x²) of the odd rest, within
     * 7e-8, and x·Φ(x) within 1.2e-7. Exactly 0 and 1 far out, so that x·Φ(x) vanishes there.
     */
    static double distribution(double x) {
        double t = Math.max(-DISTRIBUTION_END, Math.min(DISTRIBUTION_END, x));
        double u = t * t;
        double p = 2.1252884878000533e-08;
        p = p * u + 6.646736495872825e-06;
        p = p * u + 0.0001970020414444092;
        p = p * u + 0.004847186059769053;
        p = p * u + 0.0365077652382932;
        p = p * u + 0.3989419104555399;
        double q = 1.1759157136568581e-06;
        q = q * u + 8.325220995012659e-05;
        q = q * u + 0.002042118352380559;
        q = q * u + 0.03018527890520878;
        q = q * u + 0.2581737727002489;
        q = q * u + 1;
        return Math.max(0.0, Math.min(1.0, 0.5 + t * p / q));
    }

    /** gelu′(x) = Φ(x) + x·φ(x), in the same way, within 1.2e-7. NaN at ±∞, as x·φ(x) is. */
    static double geluSlope(double x) {
        double t = Math.max(-SLOPE_END, Math.min(SLOPE_END, x));
        double u = t * t;
        double p = 1.9292829621376717e-07;
        p = p * u + 3.595586985158777e-05;
        p = p * u + 1.9221405987250343e-05;
        p = p * u + 0.014230300061537634;
        p = p * u - 0.030995818079232997;
        p = p * u + 0.7978853612235414;
        double q = 8.952387211102396e-06;
        q = q * u + 0.00019203649130108882;
        q = q * u + 0.0035230349020690765;
        q = q * u + 0.040980219989605715;
        q = q * u + 0.29449408699965346;
        q = q * u + 1;
        return 0.5 + t * p / q + 0 * x;
    }

    /** The greatest of x, or NaN if one is. Four at a time, as one waits for the one before. */
    static float max(float[] x, int xOffset, int n) {
        float max0 = Float.NEGATIVE_INFINITY;
        float max1 = Float.NEGATIVE_INFINITY;
        float max2 = Float.NEGATIVE_INFINITY;
        float max3 = Float.NEGATIVE_INFINITY;
        int end = xOffset + n;
        int i = xOffset;
        for (; i <= end - 4; i += 4) {
            max0 = Math.max(max0, x[i]);
            max1 = Math.max(max1, x[i + 1]);
            max2 = Math.max(max2, x[i + 2]);
            max3 = Math.max(max3, x[i + 3]);
        }
        for (; i < end; i++) max0 = Math.max(max0, x[i]);
        return Math.max(Math.max(max0, max1), Math.max(max2, max3));
    }

    /** Σ x. Four sums at a time, as an addition waits for the one before. */
    static double sum(float[] x, int xOffset, int n) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int end = xOffset + n;
        int i = xOffset;
        for (; i <= end - 4; i += 4) {
            sum0 += x[i];
            sum1 += x[i + 1];
            sum2 += x[i + 2];
            sum3 += x[i + 3];
        }
        for (; i < end; i++) sum0 += x[i];
        return (sum0 + sum1) + (sum2 + sum3);
    }
}
