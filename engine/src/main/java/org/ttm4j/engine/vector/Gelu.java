package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * GELU and its slope. With t = |x| the tail 1 − Φ(t) is e^(−t²/2)·K(t), so that one exponential serves Φ and φ both.
 * K(t) = erfcx(t/√2)/2 is smooth, and the polynomial is the fit of it, with K(0) = 1/2, that is best where it matters:
 * Φ is within 1.5e-7 and x·Φ within 1e-7 everywhere, and the tail within a relative 4e-4 up to t = 5.
 */
final class Gelu {
    private static final float INVERSE_SQRT_TWO_PI = 0.3989423f;

    private Gelu() {}

    /** y = x·Φ(x) and, unless null, slope = Φ(x) + x·φ(x). One method, lest C2 stop inlining halfway: see Lanes. */
    static void forward(float[] y, int yOffset, float[] slope, int slopeOffset, float[] x, int xOffset, int n) {
        VectorMask<Float> tail = Lanes.tail(n % COUNT);
        for (int i = 0; i < n; i += COUNT) {
            boolean whole = i <= n - COUNT;
            FloatVector v = whole ? load(x, xOffset + i) : load(x, xOffset + i, tail);
            FloatVector t = VectorMath.magnitude(v);
            FloatVector bell = VectorMath.bell(t);
            FloatVector k = broadcast(1.1079793e-8f);
            k = k.fma(t, broadcast(-4.1502054e-7f));
            k = k.fma(t, broadcast(6.965834e-6f));
            k = k.fma(t, broadcast(-6.9658859e-5f));
            k = k.fma(t, broadcast(4.6726992e-4f));
            k = k.fma(t, broadcast(-2.2580421e-3f));
            k = k.fma(t, broadcast(8.3156790e-3f));
            k = k.fma(t, broadcast(-2.4594411e-2f));
            k = k.fma(t, broadcast(6.1251217e-2f));
            k = k.fma(t, broadcast(-0.13251654f));
            k = k.fma(t, broadcast(0.24991265f));
            k = k.fma(t, broadcast(-0.39893653f));
            k = k.fma(t, broadcast(0.5f));
            FloatVector upper = k.mul(bell);
            FloatVector phi = upper.blend(broadcast(1).sub(upper), v.compare(VectorOperators.GT, 0));
            FloatVector value = v.mul(phi);
            if (whole) value.intoArray(y, yOffset + i);
            else value.intoArray(y, yOffset + i, tail);
            if (slope != null) {
                FloatVector derivative = v.mul(INVERSE_SQRT_TWO_PI).fma(bell, phi);
                if (whole) derivative.intoArray(slope, slopeOffset + i);
                else derivative.intoArray(slope, slopeOffset + i, tail);
            }
        }
    }
}
