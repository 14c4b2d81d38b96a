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

    /**
     * The mean in single precision may be off by 1e-6 of itself, which can be far from nothing beside the standard
     * deviation. The deviations from it are exact, though, and their mean corrects both mean and variance (the
     * corrected two-pass algorithm: Chan, Golub and LeVeque 1983, doi:10.1080/00031305.1983.10483115).
     */
    @Override
    public void layerNorm(float[] y, int yOffset, float[] mean, float[] rstd, float[] x, int xOffset, float[] gain,
            int gainOffset, float[] bias, int biasOffset, int rows, int d, float eps) {
        int whole = d - d % COUNT;
        VectorMask<Float> tail = Lanes.tail(d - whole);
        float reciprocal = 1f / d;
        for (int row = 0; row < rows; row++) {
            int from = xOffset + row * d;
            int to = yOffset + row * d;
            FloatVector sum = broadcast(0);
            for (int j = 0; j < whole; j += COUNT) sum = load(x, from + j).add(sum);
            if (whole < d) sum = load(x, from + whole, tail).add(sum);
            float centre = Lanes.sum(sum) * reciprocal;
            FloatVector deviations = broadcast(0);
            FloatVector squares = broadcast(0);
            for (int j = 0; j < whole; j += COUNT) {
                FloatVector deviation = load(x, from + j).sub(centre);
                deviations = deviation.add(deviations);
                squares = deviation.fma(deviation, squares);
            }
            if (whole < d) {
                FloatVector deviation = broadcast(0).blend(load(x, from + whole, tail).sub(centre), tail);
                deviations = deviation.add(deviations);
                squares = deviation.fma(deviation, squares);
            }
            float correction = Lanes.sum(deviations) * reciprocal;
            float variance = Lanes.sum(squares) * reciprocal - correction * correction;
            float r = (float) (1 / Math.sqrt(variance + eps));
            for (int j = 0; j < whole; j += COUNT) {
                load(x, from + j).sub(centre)
                        .sub(correction)
                        .mul(r)
                        .fma(load(gain, gainOffset + j), load(bias, biasOffset + j))
                        .intoArray(y, to + j);
            }
            if (whole < d) {
                load(x, from + whole, tail).sub(centre)
                        .sub(correction)
                        .mul(r)
                        .fma(load(gain, gainOffset + whole, tail), load(bias, biasOffset + whole, tail))
                        .intoArray(y, to + whole, tail);
            }
            if (mean != null) mean[row] = centre + correction;
            if (rstd != null) rstd[row] = r;
        }
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
        float meanG = Lanes.sum(sum) / d;
        float meanDot = Lanes.sum(dot) * (rstd * rstd / d);
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
}
