package org.ttm4j.engine.kernel;

/**
 * Pointwise losses of e = target − output. Each returns the sum of the losses of the observed entries, in double.
 * Unless {@code slope} is null, it overwrites slope with the derivative of each entry's loss with respect to the output
 * (0 for unobserved entries). mask: 1 = observed; null means that all are observed. An unobserved target does not
 * affect the result, so it may be NaN. Stateless and thread-safe.
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
     * The mean pinball loss of Q quantile levels plus a penalty on the distance between the quantiles: the sum over
     * entries and levels of max(τ·e, (τ − 1)·e)/Q + width·output, where τ and width belong to the level.
     *
     * @param slope rows × Q × n, or null
     * @param output rows × Q × n
     * @param target rows × n; the mask has the same shape
     * @param levels the Q quantile levels τ
     * @param widths the Q penalty factors
     */
    double quantiles(float[] slope, float[] output, float[] target, float[] mask, float[] levels, float[] widths,
            int rows, int n);
}
