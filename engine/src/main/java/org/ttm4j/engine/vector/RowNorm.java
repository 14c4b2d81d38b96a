package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.ttm4j.engine.kernel.NormKernels.RowStatistics;
import org.ttm4j.engine.scalar.PerThread;
import org.ttm4j.engine.scalar.ScalarNorm;

/**
 * LayerNorm along rows. Four rows at a time share the square root, the division and the shuffles of a sum across lanes.
 * Each step is completed for a block of rows before the next step, so that no step waits for the latency of the
 * previous one. One instance per thread.
 *
 * <p>In single precision a mean may be wrong by 1e-6 of its value, which can be large compared with the standard
 * deviation. The sums are therefore taken over the deviations from a centre c near the mean: with their mean δ, mean =
 * c + δ and var = mean((x − c)²) − δ² (shifted data: Chan, Golub and LeVeque 1983, doi:10.1080/00031305.1983.10483115).
 * The subtraction loses more digits the farther c is from the mean. The mean of four elements, which needs no
 * additional pass, is within √(d/4) standard deviations.
 */
final class RowNorm {
    /** The number of rows in a block: eight groups of four. */
    private static final int ROWS = 32;
    private static final int GROUP = 4;
    private static final int PARTIAL = 2 * GROUP * COUNT;

    private static final PerThread<RowNorm> LOCAL = new PerThread<>(RowNorm::new);
    private static final List<Lanes.Step<RowNorm>> STEPS = List.of(RowNorm::deviations, RowNorm::sums, RowNorm::moments,
            RowNorm::normalise);

    private final float[] partialSums = new float[ROWS / GROUP * PARTIAL];
    private final float[] centres = new float[ROWS];
    /** δ, the mean deviation of each row from its centre, in the layout of {@link Lanes#sums}. */
    private final float[] deltas = new float[ROWS / GROUP * COUNT];
    private final float[] rstds = new float[ROWS / GROUP * COUNT];
    /** −δ·rstd. */
    private final float[] shifts = new float[ROWS / GROUP * COUNT];

    private int rows;
    private int d;
    private float eps;
    private float[] x;
    private float[] gain;
    private float[] bias;
    private float[] y;
    private int offset;

    private RowNorm() {}

    /** See {@link VectorNorm#layerNorm}. */
    static void forward(float[] y, RowStatistics statistics, float[] x, float[] gain, float[] bias, int rows, int d,
            float eps) {
        if (d == 0) return;
        RowNorm norm = LOCAL.get();
        norm.d = d;
        norm.eps = eps;
        norm.x = x;
        norm.gain = gain;
        norm.bias = bias;
        norm.y = y;
        for (int row = 0; row < rows; row += ROWS) {
            norm.rows = Math.min(ROWS, rows - row);
            norm.offset = row * d;
            for (int r = 0; r < norm.rows; r++) norm.centres[r] = ScalarNorm.centre(x, norm.offset + r * d, d);
            Lanes.runAll(STEPS, norm);
            for (int r = 0; r < norm.rows; r++) {
                if (statistics == null) continue;
                statistics.mean()[row + r] = norm.centres[r] + norm.deltas[Lanes.place(r)];
                statistics.rstd()[row + r] = norm.rstds[Lanes.place(r)];
            }
        }
        // The thread that keeps this object may outlive the operands.
        norm.x = null;
        norm.gain = null;
        norm.bias = null;
        norm.y = null;
    }

    private void deviations() {
        for (int row = 0; row < rows; row += GROUP) {
            // An incomplete group repeats its last row.
            int last = rows - 1 - row;
            int row0 = offset + row * d;
            deviations(partialSums, row / GROUP * PARTIAL, centres, row, x, row0, row0 + Math.min(1, last) * d,
                    row0 + Math.min(2, last) * d, row0 + Math.min(3, last) * d, d);
        }
    }

    /** For four rows: a vector each of partial sums of the deviations from the centre, then of their squares. */
    private static void deviations(float[] partial, int to, float[] centres, int row, float[] x, int row0, int row1,
            int row2, int row3, int d) {
        FloatVector centre0 = broadcast(centres[row]);
        FloatVector centre1 = broadcast(centres[row + 1]);
        FloatVector centre2 = broadcast(centres[row + 2]);
        FloatVector centre3 = broadcast(centres[row + 3]);
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
        addTail(partial, to, x, row0 + whole, centres[row], tail);
        addTail(partial, to + COUNT, x, row1 + whole, centres[row + 1], tail);
        addTail(partial, to + 2 * COUNT, x, row2 + whole, centres[row + 2], tail);
        addTail(partial, to + 3 * COUNT, x, row3 + whole, centres[row + 3], tail);
    }

    private static void addTail(float[] partial, int to, float[] x, int at, float centre, VectorMask<Float> tail) {
        FloatVector deviation = broadcast(0).blend(load(x, at, tail).sub(centre), tail);
        deviation.add(load(partial, to)).intoArray(partial, to);
        int squares = to + GROUP * COUNT;
        deviation.fma(deviation, load(partial, squares)).intoArray(partial, squares);
    }

    /** Stores the sums in deltas, and those of the squares in rstds; {@link #moments} overwrites both. */
    private void sums() {
        for (int set = 0; set < 2 * ((rows + GROUP - 1) / GROUP); set++) {
            int from = set * GROUP * COUNT;
            Lanes.sums(partialSums, from, set % 2 == 0 ? deltas : rstds, set / 2 * COUNT);
        }
    }

    private void moments() {
        for (int at = 0; at < Lanes.place(rows); at += COUNT) {
            FloatVector delta = load(deltas, at).mul(1f / d);
            FloatVector variance = Lanes.max(broadcast(0), load(rstds, at).mul(1f / d).sub(delta.mul(delta)));
            FloatVector rstd = broadcast(1).div(variance.add(eps).sqrt());
            delta.intoArray(deltas, at);
            rstd.intoArray(rstds, at);
            broadcast(0).sub(delta.mul(rstd)).intoArray(shifts, at);
        }
    }

    private void normalise() {
        for (int row = 0; row < rows; row++) {
            int at = offset + row * d;
            normalise(y, x, at, gain, bias, d, centres[row], rstds[Lanes.place(row)], shifts[Lanes.place(row)]);
        }
    }

    /** One row: y = ((x − centre)·rstd + shift)·gain + bias. */
    private static void normalise(float[] y, float[] x, int at, float[] gain, float[] bias, int d, float centre,
            float rstd, float shift) {
        int j = 0;
        for (; j <= d - COUNT; j += COUNT) {
            FloatVector normalised = load(x, at + j).sub(centre).fma(broadcast(rstd), broadcast(shift));
            normalised.fma(load(gain, j), load(bias, j)).intoArray(y, at + j);
        }
        if (j < d) {
            VectorMask<Float> tail = Lanes.tail(d - j);
            FloatVector normalised = load(x, at + j, tail).sub(centre).fma(broadcast(rstd), broadcast(shift));
            normalised.fma(load(gain, j, tail), load(bias, j, tail)).intoArray(y, at + j, tail);
        }
    }
}
