package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The loops over vectors of {@link VectorNorm#standardize}, each a {@link Step}. One for each thread. */
final class RowStandardization {
    private static final ThreadLocal<RowStandardization> LOCAL = ThreadLocal.withInitial(RowStandardization::new);
    private static final List<Step<RowStandardization>> SQUARES = List.of(RowStandardization::squares);
    private static final List<Step<RowStandardization>> NORMALISE = List.of(RowStandardization::normalise);

    private final float[] lanes = new float[2 * COUNT];
    private float[] y;
    private int yOffset;
    private float[] x;
    private int xOffset;
    private float[] weights;
    private int weightsOffset;
    private float centre;
    private float rest;
    private float factor;
    private int n;

    private RowStandardization() {}

    /** Σ ((x − centre)·weights)². */
    static float squares(float[] x, int xOffset, float[] weights, int weightsOffset, float centre, int n) {
        RowStandardization row = LOCAL.get();
        row.x = x;
        row.xOffset = xOffset;
        row.weights = weights;
        row.weightsOffset = weightsOffset;
        row.centre = centre;
        row.n = n;
        Step.runAll(SQUARES, row);
        row.x = null;
        row.weights = null;
        return row.lanes[0];
    }

    /** y = ((x − centre) − rest)·factor. */
    static void normalise(float[] y, int yOffset, float[] x, int xOffset, float centre, float rest, float factor,
            int n) {
        RowStandardization row = LOCAL.get();
        row.y = y;
        row.yOffset = yOffset;
        row.x = x;
        row.xOffset = xOffset;
        row.centre = centre;
        row.rest = rest;
        row.factor = factor;
        row.n = n;
        Step.runAll(NORMALISE, row);
        row.y = null;
        row.x = null;
    }

    private void squares() {
        int whole = n - n % COUNT;
        squares(lanes, x, xOffset, weights, weightsOffset, centre, whole);
        lanes[0] = Lanes.sum(lanes, 0);
        if (whole == n) return;
        squaresOfTail(lanes, x, xOffset + whole, weights, weightsOffset + whole, centre, n - whole);
        lanes[0] += Lanes.sum(lanes, COUNT);
    }

    private static void squares(float[] lanes, float[] x, int xOffset, float[] weights, int weightsOffset, float centre,
            int n) {
        FloatVector sum = broadcast(0);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector deviation = load(x, xOffset + i).sub(centre).mul(load(weights, weightsOffset + i));
            sum = deviation.fma(deviation, sum);
        }
        sum.intoArray(lanes, 0);
    }

    private static void squaresOfTail(float[] lanes, float[] x, int xOffset, float[] weights, int weightsOffset,
            float centre, int rest) {
        VectorMask<Float> tail = Lanes.tail(rest);
        FloatVector deviation = load(x, xOffset, tail).sub(centre).mul(load(weights, weightsOffset, tail));
        deviation.mul(deviation).intoArray(lanes, COUNT);
    }

    private void normalise() {
        normaliseRow(y, yOffset, x, xOffset, centre, rest, factor, n);
    }

    private static void normaliseRow(float[] y, int yOffset, float[] x, int xOffset, float centre, float rest,
            float factor, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            load(x, xOffset + i).sub(centre).sub(rest).mul(factor).intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = Lanes.tail(n - i);
            load(x, xOffset + i, tail).sub(centre).sub(rest).mul(factor).intoArray(y, yOffset + i, tail);
        }
    }
}
