package org.ttm4j.engine.kernel;

/**
 * LayerNorm and BatchNorm over rows of d features, and the scaling of series. Statistics are summed in double, or in
 * float over deviations from a value near the mean. An operand begins at the first element of its array. Stateless and
 * thread-safe.
 */
public interface NormKernels {

    /**
     * The row statistics that LayerNorm keeps for backward. Forward overwrites the arrays.
     *
     * @param mean of each row
     * @param rstd 1/√(var + eps) of each row
     */
    record RowStatistics(float[] mean, float[] rstd) {}

    /**
     * The statistics that BatchNorm normalises by. The arrays are not copied: the caller may overwrite them before each
     * batch.
     *
     * @param mean of each feature
     * @param variance of each feature
     * @param eps added to the variance
     * @param ofBatch true if these are the statistics of the rows being normalised, so that the gradient also flows
     *     through them; false for running statistics
     */
    record FeatureStatistics(float[] mean, float[] variance, float eps, boolean ofBatch) {}

    /**
     * The sizes of the series that {@link #scaleByMean} scales: batch × channels × n.
     *
     * @param minimum the smallest scale
     */
    record MeanScaling(int batch, int channels, int n, float minimum) {
        /** batch · channels. */
        public int rows() {
            return batch * channels;
        }
    }

    /**
     * LayerNorm over the last axis: y = (x − mean)·rstd·gain + bias, rstd = 1/√(var + eps), biased variance. x, y: rows
     * × d, row-major; y may alias x. Overwrites y and {@code statistics}, which is null if no backward follows. Source:
     * Ba et al. 2016, arXiv:1607.06450.
     */
    void layerNorm(float[] y, RowStatistics statistics, float[] x, float[] gain, float[] bias, int rows, int d,
            float eps);

    /**
     * Backward of {@link #layerNorm}. With x̂ = (x − mean)·rstd and g = dy·gain:
     * dx = rstd·(g − mean(g) − x̂·mean(g·x̂)), dgain += Σ rows dy·x̂, dbias += Σ rows dy.
     * dx is added to when {@code accumulate}, else overwritten; it may alias dy only when not accumulating.
     */
    void layerNormBackward(float[] dx, boolean accumulate, float[] dgain, float[] dbias, float[] dy, float[] x,
            RowStatistics statistics, float[] gain, int rows, int d);

    /**
     * Mean and biased variance of each of d features over the rows: overwrites mean[d], variance[d].
     * Two passes, summed in double. x: rows × d, rows ≥ 1.
     */
    void featureMoments(float[] mean, float[] variance, float[] x, int rows, int d);

    /**
     * BatchNorm with given statistics: y = (x − mean)·rstd·gain + bias per feature, rstd = 1/√(variance + eps).
     * x, y: rows × d; y may alias x. Source: Ioffe and Szegedy 2015, arXiv:1502.03167.
     */
    void batchNorm(float[] y, float[] x, FeatureStatistics statistics, float[] gain, float[] bias, int rows, int d);

    /**
     * Backward of {@link #batchNorm}: dgain += Σ dy·x̂, dbias += Σ dy, and dx (added to when {@code accumulate}):
     * with statistics of the batch dx = gain·rstd·(dy − mean(dy) − x̂·mean(dy·x̂)), otherwise dx = gain·rstd·dy. Means
     * are over the rows.
     */
    void batchNormBackward(float[] dx, boolean accumulate, float[] dgain, float[] dbias, float[] dy, float[] x,
            FeatureStatistics statistics, float[] gain, int rows, int d);

    /**
     * Location and scale of each row over its observed steps, and the standardised row (every step of it): n = max(Σ
     * mask, 1), loc = Σ(x·mask)/n, scale = √(Σ((x−loc)·mask)²/n + minVariance), y = (x − loc)/scale. The result is
     * exact to float accuracy even if the mean is millions of times the standard deviation. x, y, mask: rows × n. A
     * null mask means that all steps are observed; its result may differ in the last bits from that of a mask of ones.
     * y may alias x.
     */
    void standardize(float[] y, float[] loc, float[] scale, float[] x, float[] mask, int rows, int n,
            float minVariance);

    /**
     * Backward of {@link #standardize}, through the statistics too, with a mask of zeros and ones. With n = max(Σ mask,
     * 1), a = dloc − Σ dy/scale and b = dscale − Σ dy·y/scale: dx = dy/scale + (a + b·y)·mask/n, added to when
     * {@code accumulate}. dy, y, dx: rows × n; dloc, dscale, scale: rows; a null mask means that all steps are
     * observed.
     */
    void standardizeBackward(float[] dx, boolean accumulate, float[] dy, float[] dloc, float[] dscale, float[] y,
            float[] scale, float[] mask, int rows, int n);

    /**
     * Mean-absolute scaling of each row: scale = Σ|x·mask| / max(Σ mask, 1), at least the minimum; y = x/scale. A row
     * without observed steps uses the mean over all rows of its channel, Σ Σ|x·mask| / max(Σ Σ mask, 1). x, y, mask:
     * batch × channels × n; scale: batch × channels; a null mask means that all steps are observed. Summed in double.
     */
    void scaleByMean(float[] y, float[] scale, float[] x, float[] mask, MeanScaling series);

    /**
     * Backward of {@link #scaleByMean}. With b = dscale − Σ dy·y/scale: dx = dy/scale, added to when
     * {@code accumulate}, and then dx += b·sign(x)·mask / Σ mask over the row, or over all rows of the channel if the
     * row has no observed steps. The second term is omitted if the scale is the minimum. Shapes as in forward; dscale:
     * batch × channels.
     */
    void scaleByMeanBackward(float[] dx, boolean accumulate, float[] dy, float[] dscale, float[] x, float[] y,
            float[] scale, float[] mask, MeanScaling series);
}
