package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The statistics of LayerNorm. Four rows at a time share the shuffles of a sum across lanes, the square root and the
 * division; and each step is done for a block of rows before the next begins, so that it waits for no result of its own.
 * One for each thread.
 *
 * <p>The mean in single precision may be off by 1e-6 of itself, which can be far from nothing beside the standard
 * deviation. The deviations from it are exact, though, and their mean corrects both mean and variance (the corrected
 * two-pass algorithm: Chan, Golub and LeVeque 1983, doi:10.1080/00031305.1983.10483115).
 */
final class RowMoments {
    /** The rows of a block, eight groups of four. */
    static final int ROWS = 32;

    private static final int GROUP = 4;
    private static final int PARTIAL = 2 * GROUP * COUNT;
    private static final ThreadLocal<RowMoments> LOCAL = ThreadLocal.withInitial(RowMoments::new);

    private final float[] partialSums = new float[ROWS / GROUP * PARTIAL];
    private final float[] centres = new float[ROWS / GROUP * COUNT];
    private final float[] corrections = new float[ROWS / GROUP * COUNT];
    private final float[] rstds = new float[ROWS / GROUP * COUNT];
    private final float[] shifts = new float[ROWS / GROUP * COUNT];

    private RowMoments() {}

    static RowMoments local() {
        return LOCAL.get();
    }

    /** Of {@code rows} (1 to {@link #ROWS}) rows of d elements. A group that is not full repeats its last row. */
    void of(float[] x, int xOffset, int rows, int d, float eps) {
        for (int row = 0; row < rows; row += GROUP) {
            int last = rows - 1 - row;
            int at = xOffset + row * d;
            centre(row, x, at, at + Math.min(1, last) * d, at + Math.min(2, last) * d, at + Math.min(3, last) * d, d);
        }
        for (int row = 0; row < rows; row += GROUP) {
            int last = rows - 1 - row;
            int at = xOffset + row * d;
            deviations(row, x, at, at + Math.min(1, last) * d, at + Math.min(2, last) * d, at + Math.min(3, last) * d,
                    d);
        }
        int groups = (rows + GROUP - 1) / GROUP;
        means(groups, d);
        finish(groups, eps);
    }

    /** The first approximation of a row's mean. */
    float centre(int row) {
        return centres[at(row)];
    }

    float mean(int row) {
        return centres[at(row)] + corrections[at(row)];
    }

    float rstd(int row) {
        return rstds[at(row)];
    }

    /** (centre − mean)·rstd. */
    float shift(int row) {
        return shifts[at(row)];
    }

    /** Where {@link Lanes#sums} leaves what belongs to a row. */
    private static int at(int row) {
        return row * (COUNT / GROUP);
    }

    private void centre(int row, float[] x, int row0, int row1, int row2, int row3, int d) {
        FloatVector sum0 = broadcast(0);
        FloatVector sum1 = broadcast(0);
        FloatVector sum2 = broadcast(0);
        FloatVector sum3 = broadcast(0);
        int j = 0;
        for (; j <= d - COUNT; j += COUNT) {
            sum0 = load(x, row0 + j).add(sum0);
            sum1 = load(x, row1 + j).add(sum1);
            sum2 = load(x, row2 + j).add(sum2);
            sum3 = load(x, row3 + j).add(sum3);
        }
        if (j < d) {
            VectorMask<Float> tail = Lanes.tail(d - j);
            sum0 = load(x, row0 + j, tail).add(sum0);
            sum1 = load(x, row1 + j, tail).add(sum1);
            sum2 = load(x, row2 + j, tail).add(sum2);
            sum3 = load(x, row3 + j, tail).add(sum3);
        }
        Lanes.sums(sum0, sum1, sum2, sum3).mul(1f / d).intoArray(centres, at(row));
    }

    /** Σ deviations of the rows from their centres, a vector of partial sums for each row, then Σ squares likewise. */
    private void deviations(int row, float[] x, int row0, int row1, int row2, int row3, int d) {
        float[] partial = partialSums;
        int to = row / GROUP * PARTIAL;
        FloatVector centre0 = broadcast(centre(row));
        FloatVector centre1 = broadcast(centre(row + 1));
        FloatVector centre2 = broadcast(centre(row + 2));
        FloatVector centre3 = broadcast(centre(row + 3));
        FloatVector sum0 = broadcast(0);
        FloatVector sum1 = broadcast(0);
        FloatVector sum2 = broadcast(0);
        FloatVector sum3 = broadcast(0);
        FloatVector squares0 = broadcast(0);
        FloatVector squares1 = broadcast(0);
        FloatVector squares2 = broadcast(0);
        FloatVector squares3 = broadcast(0);
        int whole = d - d % COUNT;
        for (int j = 0; j < whole; j += COUNT) {
            FloatVector deviation0 = load(x, row0 + j).sub(centre0);
            sum0 = deviation0.add(sum0);
            squares0 = deviation0.fma(deviation0, squares0);
            FloatVector deviation1 = load(x, row1 + j).sub(centre1);
            sum1 = deviation1.add(sum1);
            squares1 = deviation1.fma(deviation1, squares1);
            FloatVector deviation2 = load(x, row2 + j).sub(centre2);
            sum2 = deviation2.add(sum2);
            squares2 = deviation2.fma(deviation2, squares2);
            FloatVector deviation3 = load(x, row3 + j).sub(centre3);
            sum3 = deviation3.add(sum3);
            squares3 = deviation3.fma(deviation3, squares3);
        }
        sum0.intoArray(partial, to);
        sum1.intoArray(partial, to + COUNT);
        sum2.intoArray(partial, to + 2 * COUNT);
        sum3.intoArray(partial, to + 3 * COUNT);
        squares0.intoArray(partial, to + 4 * COUNT);
        squares1.intoArray(partial, to + 5 * COUNT);
        squares2.intoArray(partial, to + 6 * COUNT);
        squares3.intoArray(partial, to + 7 * COUNT);
        if (whole == d) return;
        VectorMask<Float> tail = Lanes.tail(d - whole);
        addTail(x, row0 + whole, centre(row), to, tail);
        addTail(x, row1 + whole, centre(row + 1), to + COUNT, tail);
        addTail(x, row2 + whole, centre(row + 2), to + 2 * COUNT, tail);
        addTail(x, row3 + whole, centre(row + 3), to + 3 * COUNT, tail);
    }

    private void addTail(float[] x, int at, float centre, int to, VectorMask<Float> tail) {
        FloatVector deviation = broadcast(0).blend(load(x, at, tail).sub(centre), tail);
        deviation.add(load(partialSums, to)).intoArray(partialSums, to);
        int squares = to + 4 * COUNT;
        deviation.fma(deviation, load(partialSums, squares)).intoArray(partialSums, squares);
    }

    /** The corrections and, for a moment in the place of the rstds, the mean squares. */
    private void means(int groups, int d) {
        for (int set = 0; set < 2 * groups; set++) {
            int from = set * GROUP * COUNT;
            FloatVector sums = Lanes.sums(load(partialSums, from), load(partialSums, from + COUNT),
                    load(partialSums, from + 2 * COUNT), load(partialSums, from + 3 * COUNT));
            sums.mul(1f / d).intoArray(set % 2 == 0 ? corrections : rstds, set / 2 * COUNT);
        }
    }

    private void finish(int groups, float eps) {
        for (int at = 0; at < groups * COUNT; at += COUNT) {
            FloatVector correction = load(corrections, at);
            FloatVector variance = load(rstds, at).sub(correction.mul(correction));
            FloatVector rstd = broadcast(1).div(variance.add(eps).sqrt());
            rstd.intoArray(rstds, at);
            broadcast(0).sub(correction.mul(rstd)).intoArray(shifts, at);
        }
    }
}
