package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The numerators of a softmax over rows. Where all logits are moderate, as a trained gate's are, they are exponentials
 * of the logits themselves: softmax does not change with a common shift, and no exponential is far from 1. Else the
 * greatest logit is subtracted first. Each row takes the way that its own logits determine.
 */
final class Exponentials {
    /** Up to this magnitude logits are moderate: e^±60 times any number of terms stays far from the ends of a float. */
    private static final float MODERATE = 60;

    private Exponentials() {}

    /** Whether all magnitudes are moderate; NaN is not. */
    static boolean moderate(float[] x, int xOffset, int n) {
        int whole = n - n % COUNT;
        IntVector most = IntVector.zero(Lanes.INTS);
        for (int i = 0; i < whole; i += COUNT) most = magnitudeBits(load(x, xOffset + i)).max(most);
        if (whole < n) most = magnitudeBits(load(x, xOffset + whole, Lanes.tail(n - whole))).max(most);
        return !IntVector.zero(Lanes.INTS)
                .max(most)
                .compare(VectorOperators.GT, Float.floatToRawIntBits(MODERATE))
                .anyTrue();
    }

    /** Non-negative floats, and NaN above them, are in the order of their bits. */
    private static IntVector magnitudeBits(FloatVector x) {
        return x.reinterpretAsInts().and(Integer.MAX_VALUE);
    }

    /** y = eˣ of moderate x. y may alias x. */
    static void ofModerate(float[] y, int yOffset, float[] x, int xOffset, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            VectorMath.expOfModerate(load(x, xOffset + i)).intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = Lanes.tail(n - i);
            VectorMath.expOfModerate(load(x, xOffset + i, tail)).intoArray(y, yOffset + i, tail);
        }
    }

    /** y = numerators of the softmax of each row. x, y: rows × n; y may alias x. */
    static void ofRows(float[] y, int yOffset, float[] x, int xOffset, int rows, int n) {
        if (moderate(x, xOffset, rows * n)) {
            ofModerate(y, yOffset, x, xOffset, rows * n);
            return;
        }
        for (int row = 0; row < rows; row++) {
            int to = yOffset + row * n;
            int from = xOffset + row * n;
            if (moderate(x, from, n)) ofModerate(y, to, x, from, n);
            else shifted(y, to, x, from, n);
        }
    }

    /** y = exp(x − max x), one row. */
    private static void shifted(float[] y, int yOffset, float[] x, int xOffset, int n) {
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
