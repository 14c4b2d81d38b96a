package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.ttm4j.engine.scalar.ScalarNorm;

/** LayerNorm and standardisation on the JDK Vector API. BatchNorm, which few models use, stays as it is. */
public final class VectorNorm extends ScalarNorm {
    /** Backward works on so many rows at a time: they stay in the first-level cache between its passes. */
    private static final int ROWS = 16;

    /** A standardised variance from which the squares of single deviations are normal floats. */
    private static final double LEAST_VARIANCE = 1e-30;

    @Override
    public void layerNorm(float[] y, int yOffset, float[] mean, float[] rstd, float[] x, int xOffset, float[] gain,
            int gainOffset, float[] bias, int biasOffset, int rows, int d, float eps) {
        RowNorm.forward(y, yOffset, mean, rstd, x, xOffset, gain, gainOffset, bias, biasOffset, rows, d, eps);
    }

    @Override
    public void layerNormBackward(float[] dx, int dxOffset, boolean accumulate, float[] dgain, int dgainOffset,
            float[] dbias, int dbiasOffset, float[] dy, int dyOffset, float[] x, int xOffset, float[] mean,
            float[] rstd, float[] gain, int gainOffset, int rows, int d) {
        for (int row = 0; row < rows; row += ROWS) {
            int end = Math.min(row + ROWS, rows);
            // The parameters first: dx may overwrite dy.
            addParameterGradients(dgain, dgainOffset, dbias, dbiasOffset, dy, dyOffset, x, xOffset, mean, rstd, row,
                    end, d);
            for (int r = row; r < end; r++) {
                inputGradient(dx, dxOffset + r * d, accumulate, dy, dyOffset + r * d, x, xOffset + r * d, mean[r],
                        rstd[r], gain, gainOffset, d);
            }
        }
    }

    /** Column by column, so that the sums stay in registers over the rows from {@code row} to {@code end}. */
    private static void addParameterGradients(float[] dgain, int dgainOffset, float[] dbias, int dbiasOffset,
            float[] dy, int dyOffset, float[] x, int xOffset, float[] mean, float[] rstd, int row, int end, int d) {
        int j = 0;
        for (; j <= d - COUNT; j += COUNT) {
            FloatVector gains = load(dgain, dgainOffset + j);
            FloatVector biases = load(dbias, dbiasOffset + j);
            for (int r = row; r < end; r++) {
                FloatVector slope = load(dy, dyOffset + r * d + j);
                FloatVector normalised = load(x, xOffset + r * d + j).sub(mean[r]).mul(rstd[r]);
                gains = slope.fma(normalised, gains);
                biases = slope.add(biases);
            }
            gains.intoArray(dgain, dgainOffset + j);
            biases.intoArray(dbias, dbiasOffset + j);
        }
        if (j < d) {
            VectorMask<Float> tail = Lanes.tail(d - j);
            FloatVector gains = load(dgain, dgainOffset + j, tail);
            FloatVector biases = load(dbias, dbiasOffset + j, tail);
            for (int r = row; r < end; r++) {
                FloatVector slope = load(dy, dyOffset + r * d + j, tail);
                FloatVector normalised = load(x, xOffset + r * d + j, tail).sub(mean[r]).mul(rstd[r]);
                gains = slope.fma(normalised, gains);
                biases = slope.add(biases);
            }
            gains.intoArray(dgain, dgainOffset + j, tail);
            biases.intoArray(dbias, dbiasOffset + j, tail);
        }
    }

    /** dx of one row. */
    private static void inputGradient(float[] dx, int dxOffset, boolean accumulate, float[] dy, int dyOffset, float[] x,
            int xOffset, float mean, float rstd, float[] gain, int gainOffset, int d) {
        int whole = d - d % COUNT;
        VectorMask<Float> tail = Lanes.tail(d - whole);
        FloatVector sum = broadcast(0);
        FloatVector dot = broadcast(0);
        for (int j = 0; j < whole; j += COUNT) {
            FloatVector g = load(dy, dyOffset + j).mul(load(gain, gainOffset + j));
            sum = g.add(sum);
            dot = g.fma(load(x, xOffset + j).sub(mean), dot);
        }
        if (whole < d) {
            FloatVector g = load(dy, dyOffset + whole, tail).mul(load(gain, gainOffset + whole, tail));
            sum = g.add(sum);
            dot = g.fma(load(x, xOffset + whole, tail).sub(mean), dot);
        }
        // x̂ is (x − mean)·rstd: one factor rstd for the x̂ inside the dot product, one for the x̂ outside.
        float[] lanes = Lanes.scratch();
        sum.intoArray(lanes, 0);
        dot.intoArray(lanes, COUNT);
        float meanG = Lanes.sum(lanes, 0) / d;
        float meanDot = Lanes.sum(lanes, COUNT) * (rstd * rstd / d);
        for (int j = 0; j < whole; j += COUNT) {
            FloatVector g = load(dy, dyOffset + j).mul(load(gain, gainOffset + j));
            FloatVector gradient = g.sub(meanG).sub(load(x, xOffset + j).sub(mean).mul(meanDot)).mul(rstd);
            if (accumulate) gradient.add(load(dx, dxOffset + j)).intoArray(dx, dxOffset + j);
            else gradient.intoArray(dx, dxOffset + j);
        }
        if (whole < d) {
            FloatVector g = load(dy, dyOffset + whole, tail).mul(load(gain, gainOffset + whole, tail));
            FloatVector gradient = g.sub(meanG).sub(load(x, xOffset + whole, tail).sub(mean).mul(meanDot)).mul(rstd);
            if (accumulate) gradient.add(load(dx, dxOffset + whole, tail)).intoArray(dx, dxOffset + whole, tail);
            else gradient.intoArray(dx, dxOffset + whole, tail);
        }
    }

    /**
     * With a mask, the mean is summed in double and the squares of deviations from it in float, unless these would overflow
     * or vanish: then the row is the scalar kernel's.
     */
    @Override
    public void standardize(float[] y, int yOffset, float[] loc, float[] scale, float[] x, int xOffset, float[] mask,
            int maskOffset, int rows, int n, float minVariance) {
        if (mask == null) {
            super.standardize(y, yOffset, loc, scale, x, xOffset, null, 0, rows, n, minVariance);
            return;
        }
        RowStandardization steps = RowStandardization.local();
        for (int row = 0; row < rows; row++) {
            int from = xOffset + row * n;
            int observed = maskOffset + row * n;
            double count = Math.max(1, sum(mask, observed, null, 0, n));
            double mean = sum(x, from, mask, observed, n) / count;
            loc[row] = (float) mean;
            float rest = (float) (mean - loc[row]);
            steps.set(y, yOffset + row * n, x, from, mask, observed, n);
            double variance = steps.squares(loc[row]) / count - rest * rest;
            if (!(variance >= LEAST_VARIANCE && variance <= Float.MAX_VALUE)) {
                standardizeRow(y, yOffset, loc, scale, x, xOffset, mask, maskOffset, row, n, minVariance);
                continue;
            }
            scale[row] = (float) Math.sqrt(variance + minVariance);
            steps.normalise(rest, 1 / scale[row]);
        }
        steps.forget();
    }
}
