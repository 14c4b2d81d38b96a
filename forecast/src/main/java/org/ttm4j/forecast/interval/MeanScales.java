package org.ttm4j.forecast.interval;

/**
 * The mean scale of each channel. It replaces the scale of a context that hardly varies, which would inflate the score.
 *
 * @param means by channel
 * @param counts how many scales each mean rests on
 * @param most how many scales a mean remembers, roughly
 */
record MeanScales(float[] means, int[] counts, int most) {
    private static final float LEAST_SHARE = 0.05f;

    MeanScales(int channels, int most) {
        this(new float[channels], new int[channels], most);
    }

    void set(MeanScales other) {
        System.arraycopy(other.means, 0, means, 0, means.length);
        System.arraycopy(other.counts, 0, counts, 0, counts.length);
    }

    /** Takes scales into the means and returns the scales to use. */
    float[] learn(float[] scales) {
        for (int c = 0; c < means.length; c++) {
            counts[c] = Math.min(counts[c] + 1, most);
            means[c] += (scales[c] - means[c]) / counts[c];
        }
        return effective(scales);
    }

    /** The scales to use: at least a twentieth of the mean scale, and 1 for a channel whose scales were all 0. */
    float[] effective(float[] scales) {
        float[] effective = new float[means.length];
        for (int c = 0; c < means.length; c++) {
            effective[c] = Math.max(scales[c], LEAST_SHARE * means[c]);
            if (effective[c] < Float.MIN_NORMAL) effective[c] = 1;
        }
        return effective;
    }
}
