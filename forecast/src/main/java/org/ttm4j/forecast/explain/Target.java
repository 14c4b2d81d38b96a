package org.ttm4j.forecast.explain;

/**
 * The part of a forecast that is explained.
 *
 * @param channel row of the forecast, counted from 0
 * @param step of the forecast, counted from 0; {@link #ALL} for the sum of all steps
 */
public record Target(int channel, int step) {
    /** The sum of all steps. */
    public static final int ALL = -1;

    /** Throws IllegalArgumentException for what no forecast has. */
    public Target {
        if (channel < 0) throw new IllegalArgumentException("channel " + channel + ": expected 0 or more");
        if (step < ALL) throw new IllegalArgumentException("step " + step + ": expected 0 or more, or ALL (-1)");
    }

    /** A step of the forecast of a channel, both counted from 0. */
    public static Target step(int channel, int step) {
        return new Target(channel, step);
    }

    /** The sum of all steps of the forecast of a channel. */
    public static Target sum(int channel) {
        return new Target(channel, ALL);
    }
}
