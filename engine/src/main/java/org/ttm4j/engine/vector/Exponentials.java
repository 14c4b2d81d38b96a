package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The numerators of a softmax. Where all logits are moderate, as a trained gate's are, they are exponentials of the
 * logits themselves: softmax does not change with a common shift, and no exponential is far from 1. Else the greatest
 * logit is subtracted first.
 */
final class Exponentials {
    /** Up to this magnitude logits are moderate: e^±60 times any number of terms stays far from the ends of a float. */
    private static final float MODERATE = 60;

    private Exponentials() {}

    /** The magnitudes as integers: non-negative floats, and NaN above them, are in the order of their bits. */
    static IntVector magnitudeBits(FloatVector x) {
        return x.reinterpretAsInts().and(Integer.MAX_VALUE);
    }

    /** Whether logits are moderate whose {@link #magnitudeBits} are at most these; NaN is not. */
    static boolean moderate(IntVector most) {
        return !IntVector.zero(Lanes.INTS)
                .max(most)
                .compare(VectorOperators.GT, Float.floatToRawIntBits(MODERATE))
                .anyTrue();
    }

    /** y = exp(x − max x), one row. y may alias x. */
    static void shifted(float[] y, int yOffset, float[] x, int xOffset, int n) {
        int whole = n - n % COUNT;
        VectorMask<Float> tail = Lanes.tail(n - whole);
        FloatVector greatest = broadcast(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < whole; i += COUNT) greatest = Lanes.max(greatest, load(x, xOffset + i));
        if (whole < n) {
            FloatVector rest = broadcast(Float.NEGATIVE_INFINITY).blend(load(x, xOffset + whole, tail), tail);
            greatest = Lanes.max(greatest, rest);
        }
        float max = Lanes.max(greatest);
        for (int i = 0; i < whole; i += COUNT) {
            VectorMath.exp(load(x, xOffset + i).sub(max)).intoArray(y, yOffset + i);
        }
        if (whole < n) {
            VectorMath.exp(load(x, xOffset + whole, tail).sub(max)).intoArray(y, yOffset + whole, tail);
        }
    }
}
