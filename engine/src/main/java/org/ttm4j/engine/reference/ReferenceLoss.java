package org.ttm4j.engine.reference;

import java.util.function.DoubleUnaryOperator;
import org.ttm4j.engine.kernel.LossKernels;

/**
 * The losses of e = target − output, summed in double; used by every kernel set: they take too small a part of training
 * to need vectors. Pinball: Koenker and Bassett 1978, doi:10.2307/1913643. Huber: Huber 1964,
 * doi:10.1214/aoms/1177703732.
 */
public final class ReferenceLoss implements LossKernels {

    @Override
    public double mse(float[] slope, float[] output, float[] target, float[] mask, int n) {
        return sum(slope, output, target, mask, n, e -> e * e, e -> -2 * e);
    }

    @Override
    public double mae(float[] slope, float[] output, float[] target, float[] mask, int n) {
        return sum(slope, output, target, mask, n, Math::abs, e -> -Math.signum(e));
    }

    @Override
    public double pinball(float[] slope, float[] output, float[] target, float[] mask, int n, float q) {
        return sum(slope, output, target, mask, n, e -> Math.max(q * e, (q - 1) * e),
                e -> 0.5 - q - 0.5 * Math.signum(e));
    }

    @Override
    public double huber(float[] slope, float[] output, float[] target, float[] mask, int n, float delta) {
        return sum(slope, output, target, mask, n,
                e -> Math.abs(e) <= delta ? e * e / 2 : delta * (Math.abs(e) - delta / 2),
                e -> -Math.max(-delta, Math.min(delta, e)));
    }

    /** Σ (max(τ·e, (τ − 1)·e)/Q + width·output) over the observed entries and all levels. */
    @Override
    public double quantiles(float[] slope, float[] output, float[] target, float[] mask, float[] levels, float[] widths,
            int rows, int n) {
        double sum = 0;
        int count = levels.length;
        for (int row = 0; row < rows; row++) {
            for (int level = 0; level < count; level++) {
                double q = levels[level];
                double width = widths[level];
                int from = row * n; // index into target and mask
                int at = (row * count + level) * n; // index into output and slope
                for (int t = 0; t < n; t++) {
                    boolean observed = mask == null || mask[from + t] != 0;
                    double e = observed ? (double) target[from + t] - output[at + t] : 0;
                    if (observed) sum += Math.max(q * e, (q - 1) * e) / count + width * output[at + t];
                    if (slope == null) continue;
                    slope[at + t] = observed ? (float) ((0.5 - q - 0.5 * Math.signum(e)) / count + width) : 0;
                }
            }
        }
        return sum;
    }

    /** Σ loss(e) over the observed entries, and the derivative with respect to the output, −∂loss/∂e, of each. */
    private static double sum(float[] slope, float[] output, float[] target, float[] mask, int n,
            DoubleUnaryOperator loss, DoubleUnaryOperator derivative) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            boolean observed = mask == null || mask[i] != 0;
            float e = observed ? target[i] - output[i] : 0;
            if (observed) sum += loss.applyAsDouble(e);
            if (slope != null) slope[i] = observed ? (float) derivative.applyAsDouble(e) : 0;
        }
        return sum;
    }
}
