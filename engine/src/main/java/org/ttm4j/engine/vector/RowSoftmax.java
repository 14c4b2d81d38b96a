package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Numerators and denominators of the softmax of some rows, for what is done with them in a last pass. The numerators
 * have memory of their own that stays in the first-level cache, so a row can begin as {@link Exponentials} of moderate
 * logits: where one turns out not to be, the row is done again. Four rows at a time share the shuffles across lanes and
 * the division. One for each thread.
 */
final class RowSoftmax {
    private static final int GROUP = 4;
    private static final int ROWS = 32;
    /** The elements of a block of rows: a few arrays of this size fit the L1 cache. */
    private static final int BLOCK = 2048;

    private static final ThreadLocal<RowSoftmax> LOCAL = ThreadLocal.withInitial(RowSoftmax::new);

    private final float[] partialSums = new float[ROWS * COUNT];
    private final float[] reciprocals = new float[ROWS / GROUP * COUNT];
    private float[] numerators = new float[BLOCK];

    private RowSoftmax() {}

    static RowSoftmax local() {
        return LOCAL.get();
    }

    /** How many rows of n elements to take at a time. */
    static int block(int n) {
        return Math.clamp(BLOCK / Math.max(1, n) / GROUP * GROUP, GROUP, ROWS);
    }

    /** Of as many rows as a {@link #block} has, or fewer. */
    void of(float[] logits, int offset, int rows, int n) {
        if (numerators.length < rows * n) numerators = new float[rows * n];
        for (int row = 0; row < rows; row++) {
            if (!exponentials(row, logits, offset + row * n, n)) {
                Exponentials.shifted(numerators, row * n, logits, offset + row * n, n);
                sum(row, n);
            }
        }
        addLanes(rows);
        divide(rows);
    }

    /** The softmax of row r is numerators()[r·n + i] · reciprocal(r). */
    float[] numerators() {
        return numerators;
    }

    /** 1/Σ of a row's numerators. */
    float reciprocal(int row) {
        return reciprocals[at(row)];
    }

    /** Where {@link Lanes#sums} leaves what belongs to a row. */
    private static int at(int row) {
        return row * (COUNT / GROUP);
    }

    /** Numerators and their sums in lanes, if all logits are moderate, and whether they are. */
    private boolean exponentials(int row, float[] logits, int from, int n) {
        float[] y = numerators;
        int to = row * n;
        IntVector most = IntVector.zero(Lanes.INTS);
        FloatVector sum = broadcast(0);
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            FloatVector logit = load(logits, from + i);
            most = Exponentials.magnitudeBits(logit).max(most);
            FloatVector e = VectorMath.expOfModerate(logit);
            e.intoArray(y, to + i);
            sum = e.add(sum);
        }
        broadcast(0).add(sum).intoArray(partialSums, row * COUNT);
        boolean moderate = Exponentials.moderate(most);
        return i == n ? moderate : exponentialsOfTail(row, logits, from + i, to + i, n - i) && moderate;
    }

    /** The same for the last columns, in a method of its own: see {@link Lanes}. */
    private boolean exponentialsOfTail(int row, float[] logits, int from, int to, int columns) {
        VectorMask<Float> tail = Lanes.tail(columns);
        FloatVector logit = load(logits, from, tail);
        FloatVector e = VectorMath.expOfModerate(logit);
        e.intoArray(numerators, to, tail);
        int sum = row * COUNT;
        broadcast(0).blend(e, tail).add(load(partialSums, sum)).intoArray(partialSums, sum);
        return Exponentials.moderate(Exponentials.magnitudeBits(logit));
    }

    /** A group that is not full ends with sums of rows before: numbers that nobody reads. */
    private void addLanes(int rows) {
        for (int row = 0; row < rows; row += GROUP) {
            int at = row * COUNT;
            FloatVector sums = Lanes.sums(load(partialSums, at), load(partialSums, at + COUNT),
                    load(partialSums, at + 2 * COUNT), load(partialSums, at + 3 * COUNT));
            sums.intoArray(reciprocals, at(row));
        }
    }

    /** In a loop of its own: in the one before, C2 would box a vector. */
    private void divide(int rows) {
        for (int row = 0; row < rows; row += GROUP) {
            broadcast(1).div(load(reciprocals, at(row))).intoArray(reciprocals, at(row));
        }
    }

    private void sum(int row, int n) {
        FloatVector sum = broadcast(0);
        int at = row * n;
        int end = at + n;
        for (; at <= end - COUNT; at += COUNT) sum = load(numerators, at).add(sum);
        if (at < end) sum = load(numerators, at, Lanes.tail(end - at)).add(sum);
        broadcast(0).add(sum).intoArray(partialSums, row * COUNT);
    }
}
