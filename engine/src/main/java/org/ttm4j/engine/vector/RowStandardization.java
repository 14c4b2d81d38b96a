package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.ttm4j.engine.shared.PerThread;

/** The vector loops of {@link VectorNorm#standardize} for one row, each a {@link Step}. One instance per thread. */
final class RowStandardization {
    private static final PerThread<RowStandardization> LOCAL = new PerThread<>(RowStandardization::new);
    private static final List<Step<RowStandardization>> SQUARES = List.of(RowStandardization::sumSquares);
    private static final List<Step<RowStandardization>> NORMALISE = List.of(RowStandardization::normalise);

    private float[] y;
    private float[] x;
    private float[] weights;
    private int offset;
    private int n;
    private float centre;
    private float rest;
    private float factor;
    private float squares;

    private RowStandardization() {}

    static RowStandardization local() {
        return LOCAL.get();
    }

    /** Sets the operands: a row of n elements that begins at {@code offset} in x, the weights and the result y. */
    void set(float[] y, float[] x, float[] weights, int offset, int n) {
        this.y = y;
        this.x = x;
        this.weights = weights;
        this.offset = offset;
        this.n = n;
    }

    /** Drops the references to the operands, because the thread that keeps this object may outlive them. */
    void forget() {
        set(null, null, null, 0, 0);
    }

    /** Σ ((x − centre)·weights)². */
    float squares(float centre) {
        this.centre = centre;
        Step.runAll(SQUARES, this);
        return squares;
    }

    /** y = ((x − centre) − rest)·factor, with the centre that was passed to {@link #squares}. */
    void normalise(float rest, float factor) {
        this.rest = rest;
        this.factor = factor;
        Step.runAll(NORMALISE, this);
    }

    private void sumSquares() {
        float[] lanes = Lanes.scratch();
        int whole = n - n % COUNT;
        squares(lanes, x, weights, offset, centre, whole);
        squares = Lanes.sum(lanes, 0);
        if (whole == n) return;
        squaresOfTail(lanes, x, weights, offset + whole, centre, n - whole);
        squares += Lanes.sum(lanes, 0);
    }

    private static void squares(float[] lanes, float[] x, float[] weights, int at, float centre, int n) {
        FloatVector sum = broadcast(0);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector deviation = load(x, at + i).sub(centre).mul(load(weights, at + i));
            sum = deviation.fma(deviation, sum);
        }
        sum.intoArray(lanes, 0);
    }

    private static void squaresOfTail(float[] lanes, float[] x, float[] weights, int at, float centre, int rest) {
        VectorMask<Float> tail = Lanes.tail(rest);
        FloatVector deviation = load(x, at, tail).sub(centre).mul(load(weights, at, tail));
        deviation.mul(deviation).intoArray(lanes, 0);
    }

    private void normalise() {
        normalise(y, x, offset, centre, rest, factor, n);
    }

    private static void normalise(float[] y, float[] x, int at, float centre, float rest, float factor, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            load(x, at + i).sub(centre).sub(rest).mul(factor).intoArray(y, at + i);
        }
        if (i < n) {
            VectorMask<Float> tail = Lanes.tail(n - i);
            load(x, at + i, tail).sub(centre).sub(rest).mul(factor).intoArray(y, at + i, tail);
        }
    }
}
