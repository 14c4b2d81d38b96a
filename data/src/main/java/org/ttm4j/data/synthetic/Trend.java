package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/** Adds lines with breaks, and jumps of the level. */
final class Trend {
    private Trend() {}

    /**
     * Adds one to four lines joined end to end. Over a whole series, the change of one line has standard deviation std.
     */
    static void addLines(float[] series, double std, SplittableRandom random) {
        int pieces = Draw.chance(random, 0.5) ? 1 : 2 + random.nextInt(3);
        float level = 0;
        int start = 0;
        for (int piece = 1; piece <= pieces; piece++) {
            int end = piece == pieces ? series.length : Math.min(series.length, start + random.nextInt(series.length));
            float slope = (float) std * Draw.normal(random) / series.length;
            for (int t = start; t < end; t++) {
                level += slope;
                series[t] += level;
            }
            start = end;
        }
    }

    /** Adds one to three lasting jumps of the level. */
    static void addShifts(float[] series, double std, SplittableRandom random) {
        int shifts = 1 + random.nextInt(3);
        for (int shift = 0; shift < shifts; shift++) {
            float height = (float) std * Draw.normal(random);
            for (int t = random.nextInt(series.length); t < series.length; t++) series[t] += height;
        }
    }
}
