package org.ttm4j.cli.plot;

import java.util.Arrays;
import org.ttm4j.data.TimeAxis;

/**
 * One channel to draw: the end of its history and its forecast.
 *
 * @param title what the channel is called
 * @param axis the time axis of the whole series
 * @param first the index on the axis of the first value of {@code history}
 * @param history values in time order, NaN = missing
 * @param forecast the values that follow
 */
public record Panel(String title, TimeAxis axis, long first, float[] history, float[] forecast) {

    /** Shorter histories do not show the rhythm of a series, however short the forecast. */
    private static final int LEAST_HISTORY = 48;

    /** The panel of a series, with {@code horizons} times as much history as forecast, or all there is. */
    public static Panel of(String title, TimeAxis axis, float[] series, float[] forecast, int horizons) {
        int shown = (int) Math.min(series.length, Math.max(LEAST_HISTORY, (long) horizons * forecast.length));
        int from = series.length - shown;
        return new Panel(title, axis, from, Arrays.copyOfRange(series, from, series.length), forecast);
    }

    /** Steps drawn. */
    public int length() {
        return history.length + forecast.length;
    }

    /** The value of step i of {@link #length()}. */
    public float value(int i) {
        return i < history.length ? history[i] : forecast[i - history.length];
    }

    /** The time of step i, in milliseconds as the file writes times: at its own offset, not in UTC. */
    public long localTime(int i) {
        return axis.timeAt(first + i) + 1000L * axis.format().offset().getTotalSeconds();
    }

    /** The smallest value drawn; 0 when there is none. */
    public double min() {
        double min = Double.POSITIVE_INFINITY;
        for (int i = 0; i < length(); i++) if (value(i) < min) min = value(i);
        return min == Double.POSITIVE_INFINITY ? 0 : min;
    }

    /** The largest value drawn; 0 when there is none. */
    public double max() {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < length(); i++) if (value(i) > max) max = value(i);
        return max == Double.NEGATIVE_INFINITY ? 0 : max;
    }
}
