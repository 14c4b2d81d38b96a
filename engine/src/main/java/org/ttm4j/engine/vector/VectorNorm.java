package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.DOUBLE_COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.DoubleVector;
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
            for (int j = 0; j < whole; j += COUNT) sum = sum.add(load(x, from + j));
            if (whole < d) sum = sum.add(load(x, from + whole, tail));
            float centre = Lanes.sum(sum) * reciprocal;
            FloatVector deviations = broadcast(0);
            FloatVector squares = broadcast(0);
            for (int j = 0; j < whole; j += COUNT) {
                FloatVector deviation = load(x, from + j).sub(centre);
                deviations = deviations.add(deviation);
                squares = deviation.fma(deviation, squares);
            }
            if (whole < d) {
                FloatVector deviation = load(x, from + whole, tail).sub(centre);
                deviations = deviations.add(deviation, tail);
                squares = squares.add(deviation.mul(deviation), tail);
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
                biases = biases.add(slope);
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
                biases = biases.add(slope);
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
            sum = sum.add(g);
            dot = g.fma(load(x, xOffset + j).sub(mean), dot);
        }
        if (whole < d) {
            FloatVector g = load(dy, dyOffset + whole, tail).mul(load(gain, gainOffset + whole, tail));
            sum = sum.add(g);
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

    @Override
    public void standardize(float[] y, int yOffset, float[] loc, float[] scale, float[] x, int xOffset, float[] mask,
            int maskOffset, int rows, int n, float minVariance) {
        for (int row = 0; row < rows; row++) {
            int from = xOffset + row * n;
            int observed = maskOffset + row * n;
            double count = Math.max(mask == null ? n : sum(mask, observed, null, 0, n), 1);
            double mean = sum(x, from, mask, observed, n) / count;
            double squares = squaredDeviations(x, from, mean, mask, observed, n);
            double deviation = Math.sqrt(squares / count + minVariance);
            standardized(y, yOffset + row * n, x, from, mean, 1 / deviation, n);
            loc[row] = (float) mean;
            scale[row] = (float) deviation;
        }
    }

    /** Σ x·mask. */
    private static double sum(float[] x, int xOffset, float[] mask, int maskOffset, int n) {
        DoubleVector sum = DoubleVector.zero(Lanes.DOUBLES);
        for (int i = 0; i < n; i += DOUBLE_COUNT) {
            DoubleVector value = Lanes.widen(x, xOffset + i, n - i);
            if (mask == null) sum = sum.add(value);
            else sum = value.fma(Lanes.widen(mask, maskOffset + i, n - i), sum);
        }
        return Lanes.sum(sum);
    }

    /** Σ ((x − mean)·mask)². */
    private static double squaredDeviations(float[] x, int xOffset, double mean, float[] mask, int maskOffset, int n) {
        DoubleVector sum = DoubleVector.zero(Lanes.DOUBLES);
        for (int i = 0; i < n; i += DOUBLE_COUNT) {
            VectorMask<Double> lanes = Lanes.DOUBLES.indexInRange(i, n);
            DoubleVector deviation = Lanes.widen(x, xOffset + i, n - i).sub(mean, lanes);
            if (mask != null) deviation = deviation.mul(Lanes.widen(mask, maskOffset + i, n - i));
            sum = deviation.fma(deviation, sum);
        }
        return Lanes.sum(sum);
    }

    /** y = (x − mean)·factor, the difference in double. */
    private static void standardized(float[] y, int yOffset, float[] x, int xOffset, double mean, double factor,
            int n) {
        for (int i = 0; i < n; i += DOUBLE_COUNT) {
            Lanes.narrow(y, yOffset + i, n - i, Lanes.widen(x, xOffset + i, n - i).sub(mean).mul(factor));
        }
    }
}
