package org.ttm4j.engine.scalar;

import static org.ttm4j.engine.scalar.FusedMultiplyAdd.of;

/**
 * The exponential and the normal distribution without branches, tables or bit patterns, so that C2 vectorises a loop
 * that calls one of them. It does so only if the loop is short (hence a polynomial, where the exponential would
 * serve, but longer) and reads and writes the same elements of one array (otherwise it cannot know that iterations are
 * independent). Double precision costs little in such a loop and leaves no rounding errors to care about.
 */
final class ScalarMath {
    /** Where the fit of Φ ends; beyond, Φ soon is 0 or 1. */
    private static final double DISTRIBUTION_END = 5.6;

    /** Beyond, gelu′(x) is 0 or 1 within the accuracy of the fit. */
    private static final double SLOPE_END = 5.8;

    private ScalarMath() {}

    /**
     * eˣ for x ≤ 0, as (e^(x/256))²⁵⁶ with six Taylor terms and eight squarings: the relative error is below 1e-4 at
     * x = −104, below 1e-6 at x = −50 and below 1e-11 at x = −10. Below −104, where a float is 0, x is taken as −104.
     * NaN gives NaN.
     */
    static double exp(double x) {
        double r = Math.max(x, -104.0) * (1.0 / 256);
        double y = of(r, 1.0 / 720, 1.0 / 120);
        y = of(y, r, 1.0 / 24);
        y = of(y, r, 1.0 / 6);
        y = of(y, r, 1.0 / 2);
        y = of(y, r, 1);
        y = of(y, r, 1);
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
     * Φ(x), the standard normal distribution function: 1/2 plus x times a minimax polynomial in x², which is cheaper
     * than a quotient of shorter ones, within 8e-8, and x·Φ(x) within 1e-7. Exactly 0 and 1 far out, so that x·Φ(x)
     * vanishes there. The polynomial is in v = 2x²/end² − 1, between −1 and 1, lest its terms be great and cancel.
     */
    static double distribution(double x) {
        double end = DISTRIBUTION_END * DISTRIBUTION_END;
        double v = of(Math.min(x * x, end), 2 / end, -1);
        double p = -0.00026455521506950586;
        p = of(p, v, 0.0008018220722383543);
        p = of(p, v, -0.0008373081475157554);
        p = of(p, v, 0.0009233761190832071);
        p = of(p, v, -0.0026048706305741177);
        p = of(p, v, 0.005196550450879399);
        p = of(p, v, -0.0077031663371890866);
        p = of(p, v, 0.011057008795296228);
        p = of(p, v, -0.015701486830395163);
        p = of(p, v, 0.020922404951157478);
        p = of(p, v, -0.02632050518607886);
        p = of(p, v, 0.03197228655942603);
        p = of(p, v, -0.03834491454347476);
        p = of(p, v, 0.04698077350572778);
        p = of(p, v, -0.06305129954061942);
        p = of(p, v, 0.1262595954361111);
        return Math.max(0.0, Math.min(1.0, of(x, p, 0.5)));
    }

    /** gelu′(x) = Φ(x) + x·φ(x), in the same way, within 1.2e-7. NaN at ±∞, as x·φ(x) is. */
    static double geluSlope(double x) {
        double t = Math.max(-SLOPE_END, Math.min(SLOPE_END, x));
        double u = t * t;
        double p = 1.9292829621376717e-07;
        p = of(p, u, 3.595586985158777e-05);
        p = of(p, u, 1.9221405987250343e-05);
        p = of(p, u, 0.014230300061537634);
        p = of(p, u, -0.030995818079232997);
        p = of(p, u, 0.7978853612235414);
        double q = 8.952387211102396e-06;
        q = of(q, u, 0.00019203649130108882);
        q = of(q, u, 0.0035230349020690765);
        q = of(q, u, 0.040980219989605715);
        q = of(q, u, 0.29449408699965346);
        q = of(q, u, 1);
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
