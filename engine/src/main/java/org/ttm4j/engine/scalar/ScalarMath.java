package org.ttm4j.engine.scalar;

/**
 * The exponential and the normal distribution as polynomials in double: without branches, tables or bit patterns, so
 * that C2 vectorises a loop that calls them. Every result is correct to float accuracy.
 */
final class ScalarMath {
    private static final double INVERSE_SQRT_TWO_PI = 0.3989422804014327;

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

    /** √(2π)·φ(x) = e^(−x²/2), the bell curve from which both φ and Φ are made. */
    static double bell(double x) {
        return exp(-0.5 * x * x);
    }

    /** φ(x), the standard normal density, given bell(x). */
    static double density(double bell) {
        return INVERSE_SQRT_TWO_PI * bell;
    }

    /**
     * Φ(x), the standard normal distribution function, given bell(x). With t = |x| the tail is 1 − Φ(t) =
     * bell(t)·K(t); K(t) = erfcx(t/√2)/2 is smooth, and the polynomial is its minimax fit over 0 ≤ t ≤ 6, K(0) = 1/2
     * exactly, to a relative 1.7e-7. Beyond, where the tail is below 1e-9, bell outweighs what the fit is off by.
     */
    static double distribution(double x, double bell) {
        double t = Math.min(Math.abs(x), 15.0);
        double k = 1.5227936712721833e-10;
        k = k * t - 7.371005586050782e-09;
        k = k * t + 1.6327200723498233e-07;
        k = k * t - 2.1992281797940814e-06;
        k = k * t + 2.0220141482051568e-05;
        k = k * t - 0.00013534372768980775;
        k = k * t + 0.0006893985702389231;
        k = k * t - 0.0027727108177119974;
        k = k * t + 0.009123411128370413;
        k = k * t - 0.025429344135974377;
        k = k * t + 0.06179163618594808;
        k = k * t - 0.13271707073947547;
        k = k * t + 0.24994876777626335;
        k = k * t - 0.3989386713889498;
        k = k * t + 0.5;
        // The sign of x without a branch; the smallest float is 1.4e-45.
        double sign = Math.max(-1.0, Math.min(1.0, x * 1e60));
        return 0.5 + sign * (0.5 - k * bell);
    }
}
