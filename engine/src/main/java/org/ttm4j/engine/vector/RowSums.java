package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The sums of rows. Four rows at a time share the shuffles across lanes and the division. One for each thread. */
final class RowSums {
    private static final int GROUP = 4;
    private static final int ROWS = 32;
    /** The elements of a block of rows: a few arrays of this size fit the L1 cache. */
    private static final int BLOCK = 2048;

    private static final ThreadLocal<RowSums> LOCAL = ThreadLocal.withInitial(RowSums::new);

    private final float[] reciprocals = new float[ROWS / GROUP * COUNT];

    private RowSums() {}

    static RowSums local() {
        return LOCAL.get();
    }

    /** How many rows of n elements to take at a time. */
    static int block(int n) {
        return Math.clamp(BLOCK / Math.max(1, n) / GROUP * GROUP, GROUP, ROWS);
    }

    /** Of as many rows as a {@link #block} has, or fewer. A group that is not full repeats its last row. */
    void of(float[] x, int xOffset, int rows, int n) {
        for (int row = 0; row < rows; row += GROUP) {
            int last = rows - 1 - row;
            int at = xOffset + row * n;
            group(row, x, at, at + Math.min(1, last) * n, at + Math.min(2, last) * n, at + Math.min(3, last) * n, n);
        }
    }

    /** 1/Σ of a row. */
    float reciprocal(int row) {
        return reciprocals[at(row)];
    }

    /** Where {@link Lanes#sums} leaves what belongs to a row. */
    private static int at(int row) {
        return row * (COUNT / GROUP);
    }

    private void group(int row, float[] x, int row0, int row1, int row2, int row3, int n) {
        FloatVector sum0 = broadcast(0);
        FloatVector sum1 = broadcast(0);
        FloatVector sum2 = broadcast(0);
        FloatVector sum3 = broadcast(0);
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            sum0 = load(x, row0 + i).add(sum0);
            sum1 = load(x, row1 + i).add(sum1);
            sum2 = load(x, row2 + i).add(sum2);
            sum3 = load(x, row3 + i).add(sum3);
        }
        if (i < n) {
            VectorMask<Float> tail = Lanes.tail(n - i);
            sum0 = load(x, row0 + i, tail).add(sum0);
            sum1 = load(x, row1 + i, tail).add(sum1);
            sum2 = load(x, row2 + i, tail).add(sum2);
            sum3 = load(x, row3 + i, tail).add(sum3);
        }
        broadcast(1).div(Lanes.sums(sum0, sum1, sum2, sum3)).intoArray(reciprocals, at(row));
    }
}
