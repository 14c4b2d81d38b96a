package org.ttm4j.ttm.run;

import java.util.Arrays;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * The end of one channel's history as the model reads it: exactly L steps, missing ones filled (linear between
 * neighbours, nearest at the edges, the earliest value to the left of a short history) and masked for the scaler.
 */
public final class History {
    /**
     * A series that deviates less than this is magnified first: here the scaler's ε (1e-5) is 2.6 times the variance, and
     * further down it would flatten the series. Above, quiet series are forecast exactly as by the reference.
     */
    private static final double SMALL = 1.0 / 512;
    private static final int LARGE = 100;

    private History() {}

    /**
     * Writes the last {@code length} steps of a series, of which {@code end} count, times the returned power of two, to
     * past and mask at an offset. The power is exact in float32, so that units do not matter; it is 1 unless
     * {@code magnify} and the series varies very little or is huge. Returns 0 when nothing is observed, and −1 when all
     * observed values are equal.
     */
    public static float write(float[] series, int end, float[] past, float[] mask, int offset, int length,
            boolean magnify) {
        int padding = Math.max(0, length - end);
        Arrays.fill(past, offset, offset + padding, Float.NaN);
        System.arraycopy(series, end - (length - padding), past, offset + padding, length - padding);
        int observed = length;
        for (int t = offset; t < offset + length; t++) {
            boolean missing = Float.isNaN(past[t]);
            mask[t] = missing ? 0 : 1;
            if (missing) observed--;
        }
        if (observed < length) fill(past, mask, offset, length);
        if (observed == 0) return 0;
        return magnification(past, mask, offset, length, observed, magnify);
    }

    /**
     * Steps of a history (channels × time) from the first on that is observed in any channel; 0 where there is none. Does
     * not mind channels that are missing or of different lengths.
     */
    public static int steps(float[][] history) {
        int most = 0;
        for (int c = 0; history != null && c < history.length; c++) {
            float[] channel = history[c];
            int first = 0;
            while (channel != null && first < channel.length && Float.isNaN(channel[first])) first++;
            if (channel != null) most = Math.max(most, channel.length - first);
        }
        return most;
    }

    /** Magnification would change what channels see of each other, so it is for channels that stand alone. */
    public static boolean mayMagnify(TtmConfig config) {
        return !config.mixesChannels() && config.scaling() == TtmConfig.Scaling.STD;
    }

    /**
     * Fills the unobserved steps (mask 0) of one channel: linear between its neighbours, nearest at the edges, 0 when
     * nothing is observed.
     */
    public static void fill(float[] past, float[] mask, int offset, int length) {
        int last = -1;
        for (int t = 0; t < length; t++) {
            if (mask[offset + t] == 0) continue;
            float right = past[offset + t];
            float left = last < 0 ? right : past[offset + last];
            for (int gap = last + 1; gap < t; gap++) {
                float share = last < 0 ? 0 : (float) (gap - last) / (t - last);
                past[offset + gap] = left * (1 - share) + right * share;
            }
            last = t;
        }
        float edge = last < 0 ? 0 : past[offset + last];
        for (int t = last + 1; t < length; t++) past[offset + t] = edge;
    }

    private static float magnification(float[] past, float[] mask, int offset, int length, int observed,
            boolean magnify) {
        float max = Float.NEGATIVE_INFINITY;
        float min = Float.POSITIVE_INFINITY;
        for (int t = offset; t < offset + length; t++) {
            if (mask[t] == 0) continue;
            if (past[t] > max) max = past[t];
            if (past[t] < min) min = past[t];
        }
        if (max == min) return -1;
        if (!magnify) return 1;
        // The deviation is at least (max − min)/√(2·observed): most series need no closer look.
        boolean maybeSmall = (double) max - min < SMALL * Math.sqrt(2.0 * observed);
        double deviation = maybeSmall ? deviation(past, mask, offset, length, observed) : SMALL;
        // Deviation to [1, 2) where it is small, but no value beyond 2¹⁰⁰, where sums of squares would overflow.
        int room = LARGE - Math.getExponent(Math.max(Math.abs(max), Math.abs(min)));
        int exponent = Math.min(room, deviation < SMALL ? -Math.getExponent(deviation) : 0);
        if (exponent == 0) return 1;
        float factor = Math.scalb(1f, Math.min(exponent, LARGE));
        for (int t = offset; t < offset + length; t++) past[t] *= factor;
        return factor;
    }

    private static double deviation(float[] past, float[] mask, int offset, int length, int observed) {
        double sum = 0;
        for (int t = offset; t < offset + length; t++) sum += mask[t] * past[t];
        double mean = sum / observed;
        double squares = 0;
        for (int t = offset; t < offset + length; t++) {
            if (mask[t] != 0) squares += (past[t] - mean) * (past[t] - mean);
        }
        return Math.sqrt(squares / observed);
    }
}
