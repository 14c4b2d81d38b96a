package org.ttm4j.cli.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.ttm.interval.Quantiles;

/**
 * One channel to draw: the end of its history and its forecast.
 *
 * @param title what the channel is called
 * @param axis the time axis of the whole series
 * @param first the index on the axis of the first value of {@code history}
 * @param history values in time order, NaN = missing
 * @param forecast the values that follow
 * @param bands around the forecast, the widest first
 */
public record Panel(String title, TimeAxis axis, long first, float[] history, float[] forecast, List<Band> bands) {

    /**
     * Where the truth lies with some probability.
     *
     * @param probability between 0 and 1
     * @param low for each step of the forecast
     * @param high the same
     */
    public record Band(double probability, float[] low, float[] high) {}

    /** The band that is drawn inside the outermost one, where there are quantiles for it. */
    private static final double INNER = 0.4;
    private static final double EPSILON = 1e-9;

    /** Shorter histories do not show the rhythm of a series, however short the forecast. */
    private static final int LEAST_HISTORY = 48;

    /** The panel of a series, with {@code horizons} times as much history as forecast, or all there is. */
    public static Panel of(String title, TimeAxis axis, float[] series, float[] forecast, int horizons) {
        int shown = (int) Math.min(series.length, Math.max(LEAST_HISTORY, (long) horizons * forecast.length));
        int from = series.length - shown;
        return new Panel(title, axis, from, Arrays.copyOfRange(series, from, series.length), forecast, List.of());
    }

    /** The same with the bands between the outermost and two inner quantiles of a channel, where there are any. */
    public Panel withBands(Quantiles quantiles, int channel) {
        if (quantiles == null) return this;
        List<Band> found = new ArrayList<>();
        double[] levels = quantiles.levels();
        for (int i = 0, k = levels.length - 1; i < k; i++, k--) {
            double probability = levels[k] - levels[i];
            if (i > 0 && Math.abs(probability - INNER) > EPSILON) continue;
            found.add(new Band(probability, quantiles.values()[i][channel], quantiles.values()[k][channel]));
        }
        return new Panel(title, axis, first, history, forecast, found);
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
        for (Band band : bands) for (float low : band.low) if (low < min) min = low;
        return min == Double.POSITIVE_INFINITY ? 0 : min;
    }

    /** The largest value drawn; 0 when there is none. */
    public double max() {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < length(); i++) if (value(i) > max) max = value(i);
        for (Band band : bands) for (float high : band.high) if (high > max) max = high;
        return max == Double.NEGATIVE_INFINITY ? 0 : max;
    }
}
