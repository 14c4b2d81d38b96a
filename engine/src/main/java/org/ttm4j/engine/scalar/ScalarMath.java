package org.ttm4j.engine.scalar;

import static org.ttm4j.engine.scalar.FusedMultiplyAdd.of;

/**
 * The exponential, GELU and sums; {@link org.ttm4j.engine.reference.ReferenceActivation} has the definitions that these
 * approximate. The functions have no branches, tables or bit operations. C2 therefore vectorises a loop that applies
 * one of them in place, to the elements of a single array (with more arrays it could not prove that iterations are
 * independent). GELU is computed in float without loss of accuracy; the exponential, which squares repeatedly, needs
 * double.
 */
final class ScalarMath {
    /** The zero of the polynomial P of {@link #gelu}, to which h is clamped. */
    private static final float GELU_END = 4;

    /** The zero of the polynomial Q of {@link #geluSlope}, to which t is clamped. */
    private static final float SLOPE_END = 6.552066f;

    /** A power of 2, so exact, and so large that the smallest exponential over the greatest sum is not denormal. */
    private static final double PROBABILITY_SCALE = 0x1p97;

    /** The probability below which {@link #probability} returns 0, times {@link #PROBABILITY_SCALE}. */
    private static final float LEAST_PROBABILITY = (float) (1e-26 * PROBABILITY_SCALE);

    private ScalarMath() {}

    /**
     * eˣ, as (e^(x/1024))¹⁰²⁴ with six Taylor terms and ten squarings: the relative error is below 3e-8 at x = ±85 and
     * below 1e-11 at x = ±30. x is clamped at −85, where eˣ is still above the denormal floats; see
     * {@link #probability}. NaN gives NaN.
     */
    static double exp(float x) {
        // The maximum is taken in float: in double it would take a tenth of the time of this method, on JDK 21 almost
        // half.
        double r = Math.max(x, -85f) * (1.0 / 1024);
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
        y *= y;
        y *= y;
        return y * y;
    }

    /** The factor that {@link #probability} needs for exponentials with the given sum, from 1e-8 to 1e30. */
    static float probabilityFactor(double sum) {
        return (float) (PROBABILITY_SCALE / sum);
    }

    /**
     * max(exponential/sum − 1e-26, 0). The subtraction does not change a probability above 1e-18. Smaller ones become 0
     * because they change no sum, but their products with gradients are denormal numbers, which cost a processor some
     * 150 cycles each. The quotient is scaled so that it is not denormal itself. The maximum is (z + |z|)/2, because
     * Math.max takes six instructions.
     */
    static float probability(float exponential, float factor) {
        float difference = exponential * factor - LEAST_PROBABILITY;
        return (difference + Math.abs(difference)) * (float) (0.5 / PROBABILITY_SCALE);
    }

    /**
     * x·Φ(x): with h = |x|/2 the tail 1 − Φ(|x|) is P(h)⁸/2, and gelu(x) = max(x, 0) − h·P(h)⁸. The polynomial and its
     * errors are those of the vector kernel {@code Gelu}. Even and odd powers are summed separately: only then is it
     * exactly 0 at its zero.
     */
    static float gelu(float x) {
        float half = 0.5f * x;
        float negative = -Math.abs(half);
        float h = Math.max(negative, -GELU_END);
        float square = h * h;
        float even = of(-8.342326e-5f, square, -4.2135934e-3f);
        float odd = of(-1.0484154e-3f, square, -1.201294e-3f);
        even = of(even, square, 0.02625187f);
        odd = of(odd, square, 5.868156e-3f);
        even = of(even, square, -0.13926832f);
        odd = of(odd, square, 0.19947062f);
        even = of(even, square, 1);
        float p = of(odd, h, even);
        p *= p;
        p *= p;
        // max(x, 0) = x/2 + |x|/2, exactly.
        return of(p * p, h, half - negative);
    }

    /**
     * gelu′(x) = Φ(x) + x·φ(x), within 2.1e-7. With t = |x|, the part 1 − Φ(t) − t·φ(t) equals (1 − t/t₀)·Q(t)⁴, where
     * t₀ is its zero and Q the best-fitting polynomial of degree 10; the fourth root is smooth enough for that. NaN at
     * ±∞, like x·φ(x).
     */
    static float geluSlope(float x) {
        float t = Math.min(Math.abs(x), SLOPE_END);
        float q = of(6.2824306e-8f, t, -1.3066275e-6f);
        q = of(q, t, 7.1237569e-6f);
        q = of(q, t, 2.6438031e-5f);
        q = of(q, t, -3.3815109e-4f);
        q = of(q, t, 5.9834747e-5f);
        q = of(q, t, 6.3585956e-3f);
        q = of(q, t, -2.5517871e-3f);
        q = of(q, t, -0.07985688f);
        q = of(q, t, -0.055836249f);
        q = of(q, t, 0.84089637f);
        q *= q;
        float tail = of(t, -1.3301560f, 1) * (q * q);
        float sign = Math.max(-1, Math.min(1, x * 1e30f));
        return of(0.5f - tail, sign, of(0, x, 0.5f));
    }

    /**
     * ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|). With s = e/(2 + e) ≤ 1/3, the logarithm of 1 + e is 2·artanh(s), whose series
     * is within 1e-8 after seven terms.
     */
    static float softplus(float x) {
        double e = exp(-Math.abs(x));
        double s = e / (2 + e);
        double square = s * s;
        double sum = of(square, 1.0 / 13, 1.0 / 11);
        sum = of(sum, square, 1.0 / 9);
        sum = of(sum, square, 1.0 / 7);
        sum = of(sum, square, 1.0 / 5);
        sum = of(sum, square, 1.0 / 3);
        sum = of(sum, square, 1);
        return (float) (0.5f * (x + Math.abs(x)) + 2 * s * sum);
    }

    /**
     * Σ x. Groups of four are added in float, because converting each element would cost more, and the sums of the
     * groups in double. Two running sums hide the latency of an addition.
     */
    static double sum(float[] x, int xOffset, int n) {
        double sum0 = 0;
        double sum1 = 0;
        int end = xOffset + n;
        int i = xOffset;
        for (; i <= end - 8; i += 8) {
            sum0 += (x[i] + x[i + 1]) + (x[i + 2] + x[i + 3]);
            sum1 += (x[i + 4] + x[i + 5]) + (x[i + 6] + x[i + 7]);
        }
        for (; i < end; i++) sum0 += x[i];
        return sum0 + sum1;
    }
}
