package org.ttm4j.engine.kernel;

/**
 * Operations on whole series before the model proper. x, y: rows × n, one series per row, beginning at the first
 * element of their arrays. Stateless and thread-safe.
 */
public interface SeriesKernels {

    /** Means of pairs, counted from the first element: y[t] = (x[2t] + x[2t + 1])/2. y: rows × n/2 (integer division). */
    void halve(float[] y, float[] x, int rows, int n);

    /**
     * Backward of {@link #halve}: dx[2t] = dx[2t + 1] = dy[t]/2 (0 without a partner), added when {@code accumulate}.
     */
    void halveBackward(float[] dx, boolean accumulate, float[] dy, int rows, int n);

    /**
     * The bin numbers of the k strongest of the n/2 + 1 Fourier frequencies of each row, strongest first. Bin b has the
     * magnitude |Σₜ x[t]·e^(−2πi·b·t/n)|. Among equally strong bins the lower number comes first. Magnitudes below
     * 1e-10 · Σ|x| are rounding errors and count as 0. With {@code ignoreFirst}, bin 0 comes after all others.
     *
     * @param bins rows × k, overwritten; whole numbers
     * @param n at least 1
     */
    void strongestFrequencies(float[] bins, float[] x, int rows, int n, int k, boolean ignoreFirst);

    /** The number of floats of working memory that {@link #smooth} needs for rows of n steps. */
    default int smoothScratch(int n) {
        return 6 * n + 2 * smoothWindow(n);
    }

    /** The width of the smoothing window for n ≥ 1 steps: 15 % of n, at least 5, odd, and no more than n. */
    static int smoothWindow(int n) {
        // rint rounds halves to the even number, as the published model does.
        int width = Math.max(5, (int) Math.rint(0.15 * n));
        if (width % 2 == 0) width++;
        return width <= n ? width : n - 1 + n % 2;
    }

    /**
     * A robust trend of each row. With w = {@link #smoothWindow}, the Gaussian weights gⱼ = exp(−½·(j/(0.25·w))²), j =
     * −r … r, r = (w − 1)/2, normalised, and conv(v)[t] = Σⱼ gⱼ·v[t + j], mirrored at the borders (v[−1] = v[1]):
     * <pre>
     * s = conv(x)/(conv(1) + 1e-8), then s ← s − mean(s) + mean(x)
     * twice: e = x − s less its median, d = median |e| + 1e-8, v = (1 − min((e/(6d))², 1))²,
     *        s = conv(x·v)/(conv(v) + 1e-8), then s ← s − mean(s) + mean(x)
     * </pre>
     * The median of an even number of values is the lower of the two middle values. The robust weights are those of
     * Cleveland 1979, doi:10.1080/01621459.1979.10481038.
     *
     * @param scratch at least {@link #smoothScratch} floats
     * @param n at least 1
     */
    void smooth(float[] y, float[] scratch, float[] x, int rows, int n);

    /**
     * The robust weights v of the last weighted mean in {@link #smooth}. This kernel and the following ones allocate
     * memory: they serve attributions, not training.
     */
    void smoothWeights(float[] v, float[] x, int rows, int n);

    /** The weighted mean of {@link #smooth} with given weights: linear in x. */
    void smoothBy(float[] y, float[] x, float[] v, int rows, int n);

    /**
     * Backward of {@link #smoothBy} if weights are given, otherwise of {@link #smooth}, for which the steps that the
     * medians pick are treated as constant. For s = m + mean(x − m) with m = conv(x·v)/c and c = conv(v) + 1e-8:
     * <pre>
     * dm = ds − mean(ds),  dx += mean(ds) + v·convᵀ(dm/c),  dv = x·convᵀ(dm/c) − convᵀ(dm·m/c)
     * </pre>
     * and for v = (1 − min(q², 1))² with q = |e|/(6d): dq = −4q·(1 − min(q², 1))·dv, d|e| = dq/(6d), dd = −Σ dq·q/d; dd
     * is added to the step whose |e| is the median, and −Σ de to the step whose x − s is the median. convᵀ adds the
     * gradients of the mirrored border steps to the steps that they mirror.
     *
     * @param v the given weights, rows × n, or null
     */
    void smoothBackward(float[] dx, boolean accumulate, float[] dy, float[] x, float[] v, int rows, int n);
}
