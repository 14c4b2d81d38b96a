package org.ttm4j.forecast.interval;

/** The mean scale of each channel. It replaces the scale of a context that hardly varies, which would inflate the score. */
final class MeanScales {
    private static final float LEAST_SHARE = 0.05f;

    private final float[] means;
    private final int[] counts;
    private final int most;

    /** {@code most} is how many scales a mean remembers, roughly. */
    MeanScales(int channels, int most) {
        means = new float[channels];
        counts = new int[channels];
        this.most = most;
    }

    /** By channel, shared. */
    float[] means() {
        return means;
    }

    /** How many scales each mean rests on, shared. */
    int[] counts() {
        return counts;
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
