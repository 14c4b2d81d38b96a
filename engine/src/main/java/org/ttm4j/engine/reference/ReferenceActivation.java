package org.ttm4j.engine.reference;

import static org.ttm4j.engine.reference.Loops.put;

import org.ttm4j.engine.kernel.ActivationKernels;

/**
 * GELU (Hendrycks and Gimpel 2016, arXiv:1606.08415), the softmax gate of a mixer block (Ekambaram et al. 2023,
 * arXiv:2306.09364), the sigmoid gate of the bundled models, and softplus. A softmax gate along rows of n elements is
 * computed as one down the columns of n × 1 blocks.
 */
public final class ReferenceActivation implements ActivationKernels {

    @Override
    public void gelu(float[] y, float[] x, int n) {
        gelu(y, null, x, n);
    }

    @Override
    public void geluWithSlope(float[] y, float[] slope, float[] x, int n) {
        gelu(y, slope, x, n);
    }

    /** gelu(x) = x·Φ(x) and gelu′(x) = Φ(x) + x·φ(x). */
    static void gelu(float[] y, float[] slope, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            double value = x[i];
            y[i] = (float) (value * distribution(value));
            if (slope != null) slope[i] = (float) (distribution(value) + value * density(value));
        }
    }

    /**
     * The distribution function of the normal distribution, Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + x⁷/(3·5·7) + …);
     * beyond ±7, where the true value is within 1e-12 of 0 or 1, exactly 0 or 1. Source: Abramowitz and Stegun 1964,
     * 26.2.11.
     */
    static double distribution(double x) {
        if (Math.abs(x) > 7) return x > 0 ? 1 : 0;
        double term = x;
        double sum = x;
        for (int k = 3; Math.abs(term) > 1e-18; k += 2) {
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + sum * density(x);
    }

    /** φ(x) = e^(−x²/2)/√(2π), the density of the normal distribution. */
    static double density(double x) {
        return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    }

    @Override
    public void gateLeft(float[] y, float[] p, float[] x, float[] logits, float[] residual, int blocks, int n, int d) {
        gate(y, p == null ? logits : p, x, logits, residual, blocks, n, d);
    }

    /** p[i] = e^(l[i] − max l)/Σⱼ e^(l[j] − max l) in each column of each block, y = x ⊙ p + residual. */
    static void gate(float[] y, float[] p, float[] x, float[] logits, float[] residual, int blocks, int n, int d) {
        for (int column = 0; column < blocks * d; column++) {
            int first = column / d * n * d + column % d;
            softmax(p, logits, first, d, n);
            for (int i = first; i < first + n * d; i += d) {
                y[i] = (float) ((double) x[i] * p[i] + (residual == null ? 0 : residual[i]));
            }
        }
    }

    /** p = softmax(x) of the n elements from {@code first} on, which lie {@code stride} apart. */
    static void softmax(float[] p, float[] x, int first, int stride, int n) {
        int end = first + n * stride;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = first; i < end; i += stride) max = Math.max(max, x[i]);
        double sum = 0;
        for (int i = first; i < end; i += stride) sum += Math.exp(x[i] - max);
        for (int i = first; i < end; i += stride) p[i] = (float) (Math.exp(x[i] - max) / sum);
    }

    /** dp = dy ⊙ x, dlogits = p ⊙ (dp − Σ dp·p) and dx = dy ⊙ p in each column of each block. */
    @Override
    public void gateLeftBackward(float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x, float[] p,
            int blocks, int n, int d) {
        for (int column = 0; column < blocks * d; column++) {
            int first = column / d * n * d + column % d;
            double dot = 0;
            for (int i = first; i < first + n * d; i += d) dot += (double) dy[i] * x[i] * p[i];
            for (int i = first; i < first + n * d; i += d) {
                dlogits[i] = (float) (p[i] * ((double) dy[i] * x[i] - dot));
                put(dx, i, (double) dy[i] * p[i], accumulate);
            }
        }
    }

    /** y = x ⊙ σ(logits) + residual. */
    @Override
    public void sigmoidGate(float[] y, float[] p, float[] x, float[] logits, float[] residual, int offset, int xOffset,
            int logitsOffset, int n) {
        for (int i = 0; i < n; i++) {
            float sigmoid = (float) sigmoid(logits[logitsOffset + i]);
            double term = residual == null ? 0 : residual[offset + i];
            y[offset + i] = (float) ((double) x[xOffset + i] * sigmoid + term);
            if (p != null) p[offset + i] = sigmoid;
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** dx = dy ⊙ p and dlogits = dy ⊙ x ⊙ p ⊙ (1 − p). */
    @Override
    public void sigmoidGateBackward(float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x, float[] p,
            int offset, int xOffset, int logitsOffset, int n) {
        for (int i = 0; i < n; i++) {
            double slope = dy[offset + i];
            double sigmoid = p[offset + i];
            dlogits[logitsOffset + i] = (float) (slope * x[xOffset + i] * sigmoid * (1 - sigmoid));
            put(dx, xOffset + i, slope * sigmoid, accumulate);
        }
    }

    /** ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|). */
    @Override
    public void softplus(float[] y, float[] slope, float[] x, float shift, int n) {
        for (int i = 0; i < n; i++) {
            double value = x[i];
            y[i] = (float) (Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value))) + shift);
            if (slope != null) slope[i] = (float) sigmoid(value);
        }
    }
}
