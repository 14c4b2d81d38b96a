package org.ttm4j.engine.kernel;

/**
 * Pointwise losses of e = target − output. Each returns Σ over observed entries of the loss in double and, unless
 * {@code slope} is null, overwrites slope with the derivative of the entry's loss with respect to the output (0 where
 * not observed). mask: 1 = observed, null = all. An unobserved target is never read into the result, so it may be
 * NaN. Stateless and thread-safe.
 */
public interface LossKernels {

    /** e². */
    double mse(float[] slope, float[] output, float[] target, float[] mask, int n);

    /** |e|; the derivative at 0 is 0. */
    double mae(float[] slope, float[] output, float[] target, float[] mask, int n);

    /** max(q·e, (q − 1)·e); the derivative at 0 is that of PyTorch's max: the mean of both sides, (1 − 2q)/2. */
    double pinball(float[] slope, float[] output, float[] target, float[] mask, int n, float quantile);

    /** e²/2 where |e| ≤ δ, else δ·(|e| − δ/2). */
    double huber(float[] slope, float[] output, float[] target, float[] mask, int n, float delta);

    /**
     * Of several quantiles of each entry, Σ over entries and levels of max(τ·e, (τ − 1)·e)/Q + width·output, where τ and
     * width are those of the level: the mean pinball loss of Q levels, and a penalty on how far quantiles lie apart.
     *
     * @param slope rows × Q × n, or null
     * @param output rows × Q × n
     * @param target rows × n, as the mask
     * @param levels Q of them
     * @param widths as many
     */
    double quantiles(float[] slope, float[] output, float[] target, float[] mask, float[] levels, float[] widths,
            int rows, int n);
}
