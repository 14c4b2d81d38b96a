package org.ttm4j.engine.scalar;

import org.ttm4j.engine.LossKernels;

/** The losses in plain Java; too small a part of training to need vectors. */
public final class ScalarLoss implements LossKernels {

    @Override
    public double mse(float[] slope, float[] output, float[] target, float[] mask, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            boolean observed = mask == null || mask[i] != 0;
            float e = observed ? target[i] - output[i] : 0;
            sum += (double) e * e;
            if (slope != null) slope[i] = -2 * e;
        }
        return sum;
    }

    @Override
    public double mae(float[] slope, float[] output, float[] target, float[] mask, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            boolean observed = mask == null || mask[i] != 0;
            float e = observed ? target[i] - output[i] : 0;
            sum += Math.abs(e);
            if (slope != null) slope[i] = -Math.signum(e);
        }
        return sum;
    }

    @Override
    public double pinball(float[] slope, float[] output, float[] target, float[] mask, int n, float quantile) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            boolean observed = mask == null || mask[i] != 0;
            float e = observed ? target[i] - output[i] : 0;
            sum += Math.max(quantile * e, (quantile - 1) * e);
            if (slope != null) {
                // −q where e > 0, 1 − q where e < 0 and their mean at 0.
                slope[i] = observed ? 0.5f - quantile - 0.5f * Math.signum(e) : 0;
            }
        }
        return sum;
    }

    @Override
    public double huber(float[] slope, float[] output, float[] target, float[] mask, int n, float delta) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            boolean observed = mask == null || mask[i] != 0;
            float e = observed ? target[i] - output[i] : 0;
            float magnitude = Math.abs(e);
            sum += magnitude <= delta ? 0.5 * e * e : delta * (magnitude - 0.5 * delta);
            if (slope != null) slope[i] = -Math.max(-delta, Math.min(delta, e));
        }
        return sum;
    }
}
