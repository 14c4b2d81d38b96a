package org.ttm4j.engine;

/** LayerNorm and BatchNorm over rows of d features. Statistics are summed in double, or in float over
 * deviations from a value near the mean. Stateless and thread-safe. */
public interface NormKernels {

    /**
     * LayerNorm over the last axis: y = (x − mean)·rstd·gain + bias, rstd = 1/√(var + eps), biased variance.
     * x, y: rows × d, row-major; y may alias x. Overwrites y, mean[rows], rstd[rows] (kept for backward; both may be
     * null when no backward follows). Source: Ba et al. 2016, arXiv:1607.06450.
     */
    void layerNorm(float[] y, int yOffset, float[] mean, float[] rstd, float[] x, int xOffset, float[] gain,
            int gainOffset, float[] bias, int biasOffset, int rows, int d, float eps);

    /**
     * Backward of {@link #layerNorm}. With x̂ = (x − mean)·rstd and g = dy·gain:
     * dx = rstd·(g − mean(g) − x̂·mean(g·x̂)), dgain += Σ rows dy·x̂, dbias += Σ rows dy.
     * dx is added to when {@code accumulate}, else overwritten; it may alias dy only when not accumulating.
     */
    void layerNormBackward(float[] dx, int dxOffset, boolean accumulate, float[] dgain, int dgainOffset, float[] dbias,
            int dbiasOffset, float[] dy, int dyOffset, float[] x, int xOffset, float[] mean, float[] rstd, float[] gain,
            int gainOffset, int rows, int d);

    /**
     * Mean and biased variance of each of d features over the rows: overwrites mean[d], variance[d].
     * Two passes, summed in double. x: rows × d, rows ≥ 1.
     */
    void featureMoments(float[] mean, float[] variance, float[] x, int xOffset, int rows, int d);

    /**
     * BatchNorm with given statistics: y = (x − mean)·rstd·gain + bias per feature, rstd = 1/√(variance + eps).
     * x, y: rows × d; y may alias x. Source: Ioffe and Szegedy 2015, arXiv:1502.03167.
     */
    void batchNorm(float[] y, int yOffset, float[] x, int xOffset, float[] mean, float[] variance, float[] gain,
            int gainOffset, float[] bias, int biasOffset, int rows, int d, float eps);

    /**
     * Backward of {@link #batchNorm}: dgain += Σ dy·x̂, dbias += Σ dy, and dx (added to when {@code accumulate}):
     * with {@code batchStatistics} (training) dx = gain·rstd·(dy − mean(dy) − x̂·mean(dy·x̂)), otherwise
     * dx = gain·rstd·dy. Means are over the rows.
     */
    void batchNormBackward(float[] dx, int dxOffset, boolean accumulate, float[] dgain, int dgainOffset, float[] dbias,
            int dbiasOffset, float[] dy, int dyOffset, float[] x, int xOffset, float[] mean, float[] variance,
            float[] gain, int gainOffset, int rows, int d, float eps, boolean batchStatistics);

    /**
     * Location and scale of each row over its observed steps, and the standardised row (every step of it):
     * n = max(Σ mask, 1), loc = Σ(x·mask)/n, scale = √(Σ((x−loc)·mask)²/n + minVariance), y = (x − loc)/scale.
     * Exact to float accuracy where the level is millions of times the deviation. x, y, mask: rows × n; mask null: all
     * observed, which may differ in the last bits from a mask of ones. y may alias x.
     */
    void standardize(float[] y, int yOffset, float[] loc, float[] scale, float[] x, int xOffset, float[] mask,
            int maskOffset, int rows, int n, float minVariance);

    /**
     * Mean-absolute scaling of each row: scale = Σ|x·mask| / max(Σ mask, 1), at least {@code minimum}; y = x/scale.
     * A row of which nothing is observed takes, over all {@code batch} rows of its channel, Σ Σ|x·mask| / max(Σ Σ mask,
     * 1). x, y, mask: batch × channels × n; scale: batch × channels; mask null: all observed. Summed in double.
     */
    void scaleByMean(float[] y, float[] scale, float[] x, float[] mask, int batch, int channels, int n, float minimum);
}
