package org.ttm4j.ttm.series;

import java.util.Arrays;

/**
 * Rows {@code [from, to)} of a series. Immutable.
 *
 * @param from the first row
 * @param to the row after the last
 */
public record Rows(int from, int to) {
    /** Throws IllegalArgumentException when {@code from} is negative or beyond {@code to}. */
    public Rows {
        if (from < 0 || from > to) {
            throw new IllegalArgumentException("not a range of rows: [" + from + ", " + to + ")");
        }
    }

    /** The number of rows. */
    public int length() {
        return to - from;
    }

    /** These rows of each channel (channels × time), a copy. */
    public double[][] of(double[][] channels) {
        return Arrays.stream(channels).map(channel -> Arrays.copyOfRange(channel, from, to)).toArray(double[][]::new);
    }

    /** All rows of each channel, a copy. */
    public static double[][] copy(double[][] channels) {
        return Arrays.stream(channels).map(double[]::clone).toArray(double[][]::new);
    }

    /** The number of windows of the given length at stride 1; window i begins at row {@code from + i}. */
    public int windows(int window) {
        return Math.max(0, to - from - window + 1);
    }
}
