package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.ttm4j.engine.scalar.ScalarNorm;

/** LayerNorm in vectors. The formulas are in {@link org.ttm4j.engine.reference.ReferenceNorm}. */
public final class VectorNorm extends ScalarNorm {
    /** The number of rows that backward takes at a time, so that they stay in the L1 cache between its passes. */
    private static final int ROWS = 16;

    @Override
    public void layerNorm(float[] y, RowStatistics statistics, float[] x, float[] gain, float[] bias, int rows, int d,
            float eps) {
        RowNorm.forward(y, statistics, x, gain, bias, rows, d, eps);
    }

    @Override
    public void layerNormBackward(float[] dx, boolean accumulate, float[] dgain, float[] dbias, float[] dy, float[] x,
            RowStatistics statistics, float[] gain, int rows, int d) {
        float[] mean = statistics.mean();
        float[] rstd = statistics.rstd();
        for (int row = 0; row < rows; row += ROWS) {
            int end = Math.min(row + ROWS, rows);
            // The gradients of the parameters come first, because dx may overwrite dy.
            addParameterGradients(dgain, dbias, dy, x, mean, rstd, row, end, d);
            for (int r = row; r < end; r++) inputGradient(dx, accumulate, dy, x, r * d, mean[r], rstd[r], gain, d);
        }
    }

    /** Sums over the rows from {@code row} to {@code end}, column by column, so that sums stay in registers. */
    private static void addParameterGradients(float[] dgain, float[] dbias, float[] dy, float[] x, float[] mean,
            float[] rstd, int row, int end, int d) {
        int j = 0;
        for (; j <= d - COUNT; j += COUNT) {
            FloatVector gains = load(dgain, j);
            FloatVector biases = load(dbias, j);
            for (int r = row; r < end; r++) {
                FloatVector slope = load(dy, r * d + j);
                FloatVector normalised = load(x, r * d + j).sub(mean[r]).mul(rstd[r]);
                gains = slope.fma(normalised, gains);
                biases = slope.add(biases);
            }
            gains.intoArray(dgain, j);
            biases.intoArray(dbias, j);
        }
        if (j < d) {
            VectorMask<Float> tail = Lanes.tail(d - j);
            FloatVector gains = load(dgain, j, tail);
            FloatVector biases = load(dbias, j, tail);
            for (int r = row; r < end; r++) {
                FloatVector slope = load(dy, r * d + j, tail);
                FloatVector normalised = load(x, r * d + j, tail).sub(mean[r]).mul(rstd[r]);
                gains = slope.fma(normalised, gains);
                biases = slope.add(biases);
            }
            gains.intoArray(dgain, j, tail);
            biases.intoArray(dbias, j, tail);
        }
    }

    /** dx of the row that begins at {@code at}. */
    private static void inputGradient(float[] dx, boolean accumulate, float[] dy, float[] x, int at, float mean,
            float rstd, float[] gain, int d) {
        int whole = d - d % COUNT;
        VectorMask<Float> tail = Lanes.tail(d - whole);
        FloatVector sum = broadcast(0);
        FloatVector dot = broadcast(0);
        for (int j = 0; j < whole; j += COUNT) {
            FloatVector g = load(dy, at + j).mul(load(gain, j));
            sum = g.add(sum);
            dot = g.fma(load(x, at + j).sub(mean), dot);
        }
        if (whole < d) {
            FloatVector g = load(dy, at + whole, tail).mul(load(gain, whole, tail));
            sum = g.add(sum);
            dot = g.fma(load(x, at + whole, tail).sub(mean), dot);
        }
        // x̂ is (x − mean)·rstd: one factor rstd for the x̂ inside the dot product, one for the x̂ outside.
        float[] lanes = Lanes.scratch();
        sum.intoArray(lanes, 0);
        dot.intoArray(lanes, COUNT);
        float meanG = Lanes.sum(lanes, 0) / d;
        float meanDot = Lanes.sum(lanes, COUNT) * (rstd * rstd / d);
        for (int j = 0; j < whole; j += COUNT) {
            FloatVector g = load(dy, at + j).mul(load(gain, j));
            FloatVector gradient = g.sub(meanG).sub(load(x, at + j).sub(mean).mul(meanDot)).mul(rstd);
            if (accumulate) gradient.add(load(dx, at + j)).intoArray(dx, at + j);
            else gradient.intoArray(dx, at + j);
        }
        if (whole < d) {
            FloatVector g = load(dy, at + whole, tail).mul(load(gain, whole, tail));
            FloatVector gradient = g.sub(meanG).sub(load(x, at + whole, tail).sub(mean).mul(meanDot)).mul(rstd);
            if (accumulate) gradient.add(load(dx, at + whole, tail)).intoArray(dx, at + whole, tail);
            else gradient.intoArray(dx, at + whole, tail);
        }
    }
}
