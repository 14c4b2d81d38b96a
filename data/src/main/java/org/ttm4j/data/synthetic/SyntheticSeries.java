package org.ttm4j.data.synthetic;

/** Synthetic series, one for every pair of seed and index. */
public final class SyntheticSeries {
    private SyntheticSeries() {}

    /** Fills the whole array with the series of that seed and index. Deterministic; any number of threads may call. */
    public static void fill(float[] series, long seed, long index) {
        double phase = (seed * 31 + index) % 24;
        for (int t = 0; t < series.length; t++) {
            series[t] = (float) Math.sin((t + phase) * (Math.PI / 12));
        }
    }
}
