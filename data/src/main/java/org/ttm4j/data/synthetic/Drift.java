package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/** Adds movements of the level that have no period, such as those of weather, business and wear. */
final class Drift {
    private Drift() {}

    /**
     * Adds a level that wanders and returns to its mean: an Ornstein–Uhlenbeck process at knots, joined by lines.
     *
     * @param std the standard deviation
     * @param timeConstant the number of steps after which the autocorrelation has fallen to 1/e
     */
    static void addReturning(float[] series, double std, double timeConstant, SplittableRandom random) {
        int spacing = Math.max(1, (int) (timeConstant / 6));
        float persistence = (float) Math.exp(-spacing / timeConstant);
        float innovation = (float) (std * Math.sqrt(1 - persistence * persistence));
        float level = (float) std * Draw.normal(random);
        for (int start = 0; start < series.length; start += spacing) {
            float next = persistence * level + innovation * Draw.normal(random);
            float slope = (next - level) / spacing;
            int end = Math.min(series.length, start + spacing);
            for (int t = start; t < end; t++) series[t] += level + slope * (t - start);
            level = next;
        }
    }

    /**
     * Adds a random walk whose volatility can vary over time, as that of prices and rates does.
     *
     * @param std the standard deviation of the change over the whole series
     */
    static void addWalk(float[] series, double std, SplittableRandom random) {
        float step = (float) (std / Math.sqrt(series.length));
        float clustering = Draw.chance(random, 0.5) ? (float) Draw.uniform(random, 0.05, 0.3) : 0;
        float drift = step * 0.05f * Draw.normal(random);
        float variance = 1;
        float level = 0;
        for (int t = 0; t < series.length; t++) {
            float shock = Draw.normal(random);
            if (clustering > 0) {
                shock *= (float) Math.sqrt(variance);
                // GARCH(1,1) with unit mean; bounded, because the fourth moment can be infinite.
                variance = Math.min(25, 0.05f + (0.95f - clustering) * variance + clustering * shock * shock);
            }
            level += drift + step * shock;
            series[t] += level;
        }
    }

    /**
     * Adds a smooth path: white noise after two exponential filters.
     *
     * @param std the approximate standard deviation
     * @param timeConstant the time constant of the filters, in steps
     */
    static void addSmooth(float[] series, double std, double timeConstant, SplittableRandom random) {
        float gain = (float) (1 / (1 + timeConstant));
        // Two poles at 1 − gain: the variance of unit noise through both is gain / 4 for small gains.
        float scale = (float) (std / Math.sqrt(gain / 4));
        float first = 0;
        float second = 0;
        int warmUp = (int) Math.min(3 * timeConstant, series.length);
        for (int t = -warmUp; t < series.length; t++) {
            first += gain * (Draw.normal(random) - first);
            second += gain * (first - second);
            if (t >= 0) series[t] += scale * second;
        }
    }

    /** Adds one to four lines joined end to end. Over a whole series, the change of one line has standard deviation std. */
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
