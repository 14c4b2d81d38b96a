package org.ttm4j.engine.kernel;

/**
 * What is computed of whole series before a model sees them. x, y: rows ×
 * n, one series a row, from the first element of their arrays on. Stateless and thread-safe.
 */
public interface SeriesKernels {

    /** Means of pairs, counted from the first element: y[t] = (x[2t] + x[2t + 1])/2. y: rows × n/2 (integer division). */
    void halve(float[] y, float[] x, int rows, int n);

    /** Backward of {@link #halve}: dx[2t] and dx[2t + 1] are dy[t]/2, added to when {@code accumulate}; a last one has 0. */
    void halveBackward(float[] dx, boolean accumulate, float[] dy, int rows, int n);

    /**
     * The numbers of the k strongest of the n/2 + 1 frequencies of each row, strongest first: bin b has the magnitude
     * |Σₜ x[t]·e^(−2πi·b·t/n)|. Of bins that are equally strong the lower comes first; magnitudes below 1e-10 · Σ|x| are
     * rounding and count as 0. With {@code ignoreFirst}, bin 0 comes after all others.
     *
     * @param bins rows × k, overwritten; whole numbers
     */
    void strongestFrequencies(float[] bins, float[] x, int rows, int n, int k, boolean ignoreFirst);

    /** Floats of working memory that {@link #smooth} takes for rows of n. */
    default int smoothScratch(int n) {
        return 6 * n + 2 * smoothWindow(n);
    }

    /** The width of the window that smooths n steps: 15 % of them, at least 5, odd, and no more than n. */
    static int smoothWindow(int n) {
        // Halves go to the even number, as in the reference.
        int width = Math.max(5, (int) Math.rint(0.15 * n));
        if (width % 2 == 0) width++;
        return width <= n ? width : n - 1 + n % 2;
    }

    /**
     * A robust trend of each row. With w = {@link #smoothWindow}, the Gaussian weights gⱼ = exp(−½·(j/(0.25·w))²), j = −r …
     * r, r = (w − 1)/2, normalised, and conv(v)[t] = Σⱼ gⱼ·v[t + j], mirrored at the borders (v[−1] = v[1]):
     * <pre>
     * s = conv(x)/(conv(1) + 1e-8), then s ← s − mean(s) + mean(x)
     * twice: e = x − s less its median, d = median |e| + 1e-8, v = (1 − min((e/(6d))², 1))²,
     *        s = conv(x·v)/(conv(v) + 1e-8), then s ← s − mean(s) + mean(x)
     * </pre>
     * The median of an even number of values is the lower of the two in the middle. The robust weights are those of
     * Cleveland 1979, doi:10.1080/01621459.1979.10481038.
     *
     * @param scratch at least {@link #smoothScratch} floats
     */
    void smooth(float[] y, float[] scratch, float[] x, int rows, int n);

    /**
     * The robust weights v that the last mean of {@link #smooth} has. Allocates, as all that follows: it is for attributions,
     * not for training.
     */
    void smoothWeights(float[] v, float[] x, int rows, int n);

    /** The weighted mean of {@link #smooth} with given weights: linear in x. */
    void smoothBy(float[] y, float[] x, float[] v, int rows, int n);

    /**
     * Backward of {@link #smoothBy} for given weights, and of {@link #smooth} without; which steps its medians are is held.
     * Of s = m + mean(x − m) with m = conv(x·v)/c and c = conv(v) + 1e-8:
     * <pre>
     * dm = ds − mean(ds),  dx += mean(ds) + v·convᵀ(dm/c),  dv = x·convᵀ(dm/c) − convᵀ(dm·m/c)
     * </pre>
     * and of v = (1 − min(q², 1))² with q = |e|/(6d): dq = −4q·(1 − min(q², 1))·dv, d|e| = dq/(6d), dd = −Σ dq·q/d; dd goes to
     * the step whose |e| is the median, and −Σ de to the step that is the median of x − s before. convᵀ adds what the mirrored
     * borders read to where they read it.
     *
     * @param v rows × n, or null
     */
    void smoothBackward(float[] dx, boolean accumulate, float[] dy, float[] x, float[] v, int rows, int n);
}
