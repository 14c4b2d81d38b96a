package org.ttm4j.ttm.train;

import org.ttm4j.ttm.series.Gaps;

/** Standardises raw windows by their own past, for pre-training. */
public final class Windows {
    /** The smallest divisor, in the units of the raw series. */
    private static final double LEAST_DEVIATION = 1e-4;
    /** Normalised values are clamped to ± this value, so that a single extreme step does not dominate a batch. */
    private static final float LIMIT = 20;

    private Windows() {}

    /**
     * Fills a window of one channel from its raw steps. Mean and deviation are those of the observed steps of the past;
     * every step becomes (x − mean) / deviation, limited to ±20, and missing steps of the past are filled and masked.
     *
     * @param raw L + H steps in any unit, NaN = missing; overwritten
     * @return the divisor
     */
    public static double normalise(float[] raw, WindowSource.Window window) {
        int length = window.past().length;
        double sum = 0;
        int observed = 0;
        for (int t = 0; t < length; t++) {
            boolean present = !Float.isNaN(raw[t]);
            window.mask()[t] = present ? 1 : 0;
            if (!present) continue;
            sum += raw[t];
            observed++;
        }
        double mean = observed == 0 ? 0 : sum / observed;
        double squares = 0;
        for (int t = 0; t < length; t++) {
            if (window.mask()[t] != 0) squares += (raw[t] - mean) * (raw[t] - mean);
        }
        double deviation = Math.max(LEAST_DEVIATION, Math.sqrt(squares / Math.max(1, observed)));
        for (int t = 0; t < raw.length; t++) {
            float value = (float) ((raw[t] - mean) / deviation);
            raw[t] = value > LIMIT ? LIMIT : value < -LIMIT ? -LIMIT : value;
        }
        System.arraycopy(raw, 0, window.past(), 0, length);
        Gaps.fill(window.past(), window.mask(), 0, length);
        for (int t = length; t < raw.length; t++) {
            boolean present = !Float.isNaN(raw[t]);
            window.targetMask()[t - length] = present ? 1 : 0;
            window.target()[t - length] = present ? raw[t] : 0;
        }
        return deviation;
    }
}
