package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.ttm4j.engine.scalar.PerThread;
import org.ttm4j.engine.scalar.ScalarNorm;

/** LayerNorm and standardisation in vectors. The formulas are in {@link org.ttm4j.engine.reference.ReferenceNorm}. */
public final class VectorNorm extends ScalarNorm {
    /** The number of rows that backward takes at a time, so that they stay in the L1 cache between its passes. */
    private static final int ROWS = 16;

    /** The least variance at which the squares of single deviations are not denormal floats. */
    private static final double LEAST_VARIANCE = 1e-30;

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

    /**
     * With a mask, the mean is summed in double and the squared deviations in float. If the squares would overflow or
     * underflow, the whole row is computed in double.
     */
    @Override
    public void standardize(float[] y, float[] loc, float[] scale, float[] x, float[] mask, int rows, int n,
            float minVariance) {
        if (mask == null) {
            super.standardize(y, loc, scale, x, null, rows, n, minVariance);
            return;
        }
        RowStandardization steps = RowStandardization.local();
        for (int row = 0; row < rows; row++) {
            int from = row * n;
            double count = Math.max(1, sum(mask, from, null, n));
            double mean = sum(x, from, mask, n) / count;
            loc[row] = (float) mean;
            float rest = (float) (mean - loc[row]);
            steps.set(y, x, mask, from, n);
            double variance = steps.squares(loc[row]) / count - rest * rest;
            if (!(variance >= LEAST_VARIANCE && variance <= Float.MAX_VALUE)) {
                standardizeRow(y, loc, scale, x, mask, row, n, minVariance);
                continue;
            }
            scale[row] = (float) Math.sqrt(variance + minVariance);
            steps.normalise(rest, 1 / scale[row]);
        }
        steps.forget();
    }

    /** The vector loops of {@link VectorNorm#standardize} for one row, each a {@link Lanes.Step}. One instance per thread. */
    private static final class RowStandardization {
        private static final PerThread<RowStandardization> LOCAL = new PerThread<>(RowStandardization::new);
        private static final List<Lanes.Step<RowStandardization>> SQUARES = List.of(RowStandardization::sumSquares);
        private static final List<Lanes.Step<RowStandardization>> NORMALISE = List.of(RowStandardization::normalise);

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
            Lanes.runAll(SQUARES, this);
            return squares;
        }

        /** y = ((x − centre) − rest)·factor, with the centre that was passed to {@link #squares}. */
        void normalise(float rest, float factor) {
            this.rest = rest;
            this.factor = factor;
            Lanes.runAll(NORMALISE, this);
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
}
