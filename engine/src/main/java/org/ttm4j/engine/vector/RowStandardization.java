package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The loops over vectors of {@link VectorNorm#standardize} for one row, each a {@link Step}. One for each thread. */
final class RowStandardization {
    private static final ThreadLocal<RowStandardization> LOCAL = ThreadLocal.withInitial(RowStandardization::new);
    private static final List<Step<RowStandardization>> SQUARES = List.of(RowStandardization::sumSquares);
    private static final List<Step<RowStandardization>> NORMALISE = List.of(RowStandardization::normalise);

    private float[] y;
    private int yOffset;
    private float[] x;
    private int xOffset;
    private float[] weights;
    private int weightsOffset;
    private int n;
    private float centre;
    private float rest;
    private float factor;
    private float squares;

    private RowStandardization() {}

    static RowStandardization local() {
        return LOCAL.get();
    }

    /** A row of x, n long, its weights and where its result goes. */
    void set(float[] y, int yOffset, float[] x, int xOffset, float[] weights, int weightsOffset, int n) {
        this.y = y;
        this.yOffset = yOffset;
        this.x = x;
        this.xOffset = xOffset;
        this.weights = weights;
        this.weightsOffset = weightsOffset;
        this.n = n;
    }

    /** Lets go of the operands: a thread, to which this belongs, may outlive them. */
    void forget() {
        set(null, 0, null, 0, null, 0, 0);
    }

    /** Σ ((x − centre)·weights)². */
    float squares(float centre) {
        this.centre = centre;
        Step.runAll(SQUARES, this);
        return squares;
    }

    /** y = ((x − centre) − rest)·factor, with the centre that {@link #squares} was given. */
    void normalise(float rest, float factor) {
        this.rest = rest;
        this.factor = factor;
        Step.runAll(NORMALISE, this);
    }

    private void sumSquares() {
        float[] lanes = Lanes.scratch();
        int whole = n - n % COUNT;
        squares(lanes, x, xOffset, weights, weightsOffset, centre, whole);
        squares = Lanes.sum(lanes, 0);
        if (whole == n) return;
        squaresOfTail(lanes, x, xOffset + whole, weights, weightsOffset + whole, centre, n - whole);
        squares += Lanes.sum(lanes, 0);
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
        deviation.mul(deviation).intoArray(lanes, 0);
    }

    private void normalise() {
        normalise(y, yOffset, x, xOffset, centre, rest, factor, n);
    }

    private static void normalise(float[] y, int yOffset, float[] x, int xOffset, float centre, float rest,
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
