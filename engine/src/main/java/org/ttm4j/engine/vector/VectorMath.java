package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Exponential, sigmoid and softplus, lane by lane, to float accuracy, in methods small enough to be inlined. */
final class VectorMath {
    private static final float LOG2_E = 1.44269504f;

    /** The last bit of a float of this magnitude is 1, so that the low bits of {@code ROUNDER + k} hold k + 127. */
    private static final float ROUNDER = 0x1.8p23f + 127;

    /** Exponents below this are replaced by {@link #ZERO_EXPONENT}. */
    private static final float LEAST_EXPONENT = -50;

    /** An exponent whose power is computed as 0: its k is −127. */
    private static final float ZERO_EXPONENT = -88;

    /** |x| from which {@link #bell} is 0. */
    private static final float BELL_END = 13.27f;

    private VectorMath() {}

    /**
     * eˣ for x ≤ 0; exactly 1 at 0, and 0 below −50, although floats represent it down to −104. A value so small
     * compared with 1 changes no sum, but its products with gradients are denormal numbers, which cost a processor some
     * 150 cycles each. They made a training step three times as long once the gates had learned to close. NaN gives
     * NaN.
     */
    static FloatVector exp(FloatVector x) {
        return power(x.blend(broadcast(ZERO_EXPONENT), x.compare(VectorOperators.LT, LEAST_EXPONENT)), LOG2_E);
    }

    /** e^−|x|, from which {@link #sigmoid} and {@link #softplus} are computed. */
    static FloatVector decay(FloatVector x) {
        return exp(broadcast(0).sub(x.abs()));
    }

    /** 1/(1 + e^−x), which is 1 − p at −x. */
    static FloatVector sigmoid(FloatVector x) {
        return sigmoid(x, decay(x));
    }

    /** {@link #sigmoid(FloatVector)} of x, given e, the {@link #decay} of x. */
    static FloatVector sigmoid(FloatVector x, FloatVector e) {
        FloatVector greater = broadcast(1).div(e.add(1));
        return greater.blend(e.mul(greater), x.compare(VectorOperators.LT, 0));
    }

    /**
     * ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|). With s = e/(2 + e) ≤ 1/3, the logarithm of 1 + e is 2·artanh(s), whose series
     * is within 1e-8 after seven terms.
     *
     * @param e the {@link #decay} of x
     */
    static FloatVector softplus(FloatVector x, FloatVector e) {
        FloatVector s = e.div(e.add(2));
        FloatVector square = s.mul(s);
        FloatVector sum = square.fma(broadcast(1f / 13), broadcast(1f / 11));
        sum = square.fma(sum, broadcast(1f / 9));
        sum = square.fma(sum, broadcast(1f / 7));
        sum = square.fma(sum, broadcast(1f / 5));
        sum = square.fma(sum, broadcast(1f / 3));
        sum = square.fma(sum, broadcast(1));
        FloatVector positive = x.add(x.abs()).mul(0.5f);
        return s.add(s).fma(sum, positive);
    }

    /** min(|x|, {@link #BELL_END}). NaN gives BELL_END. */
    static FloatVector magnitude(FloatVector x) {
        // Non-negative floats are ordered like their bits, and an integer minimum is one instruction.
        return x.abs().reinterpretAsInts().min(Float.floatToRawIntBits(BELL_END)).reinterpretAsFloats();
    }

    /** √(2π)·φ(t) = e^(−t²/2) for a {@link #magnitude}. */
    static FloatVector bell(FloatVector t) {
        return power(t.mul(t), -0.5f * LOG2_E);
    }

    /**
     * 2^(x·factor) for x·factor in (−127.4, 0], as 2ᵏ·2ᶠ with k whole and |f| ≤ 1/2. A fused multiply-add makes the
     * product exact. k results from adding and subtracting {@link #ROUNDER}, and the bits of the sum, shifted left by
     * 23, are the float 2ᵏ (0 for k = −127). The polynomial is the minimax fit of 2ᶠ with 2⁰ = 1, to a relative 9.1e-8.
     */
    private static FloatVector power(FloatVector x, float factor) {
        FloatVector rounder = broadcast(ROUNDER);
        FloatVector shifted = x.fma(broadcast(factor), rounder);
        FloatVector f = x.fma(broadcast(factor), rounder.sub(shifted));
        FloatVector y = broadcast(0.0013264727f);
        y = y.fma(f, broadcast(0.009671513f));
        y = y.fma(f, broadcast(0.055507336f));
        y = y.fma(f, broadcast(0.24022242f));
        y = y.fma(f, broadcast(0.693147f));
        y = y.fma(f, broadcast(1));
        FloatVector scale = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        return y.mul(scale);
    }
}
