package org.ttm4j.engine.reference;

import java.util.function.IntToDoubleFunction;

/** Helpers shared by the reference kernels of all families. */
final class Loops {

    private Loops() {}

    /** Σ term(i) for i = from … to − 1. */
    static double sum(int from, int to, IntToDoubleFunction term) {
        double sum = 0;
        for (int i = from; i < to; i++) sum += term.applyAsDouble(i);
        return sum;
    }

    /** y[at] = value, or y[at] += value when {@code accumulate}. */
    static void put(float[] y, int at, double value, boolean accumulate) {
        y[at] = (float) (accumulate ? y[at] + value : value);
    }
}
