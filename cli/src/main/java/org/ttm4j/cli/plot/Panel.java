package org.ttm4j.cli.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.forecast.interval.Quantiles;

/**
 * One channel to draw: the end of its history and its forecast.
 *
 * @param title the name of the channel
 * @param axis the time axis of the whole series
 * @param first the index on the axis of the first value of {@code history}
 * @param history the values in the order of time, NaN where missing
 * @param forecast the values that follow
 * @param bands the bands around the forecast, the widest first
 */
public record Panel(String title, TimeAxis axis, long first, double[] history, double[] forecast, List<Band> bands) {

    /**
     * A central prediction interval for each step of the forecast.
     *
     * @param probability the nominal coverage, between 0 and 1
     * @param low the lower end for each step
     * @param high the upper end for each step
     */
    public record Band(double probability, double[] low, double[] high) {}

    /** The nominal coverage of the band inside the outermost one, which is drawn when both quantiles are known. */
    private static final double INNER = 0.4;
    private static final double EPSILON = 1e-9;

    /** The number of steps of history that are shown even for a short forecast, so that seasons can be seen. */
    private static final int LEAST_HISTORY = 48;

    /** The panel of a series, with {@code horizons} times as much history as forecast where the series has so much. */
    public static Panel of(String title, TimeAxis axis, double[] series, double[] forecast, int horizons) {
        int shown = (int) Math.min(series.length, Math.max(LEAST_HISTORY, (long) horizons * forecast.length));
        int from = series.length - shown;
        return new Panel(title, axis, from, Arrays.copyOfRange(series, from, series.length), forecast, List.of());
    }

    /**
     * The same panel with the bands between the outermost and between two inner quantiles, if the forecast has them.
     */
    public Panel withBands(Quantiles quantiles, int channel) {
        if (quantiles == null) return this;
        List<Band> found = new ArrayList<>();
        double[] levels = quantiles.levels();
        for (int i = 0, k = levels.length - 1; i < k; i++, k--) {
            double probability = levels[k] - levels[i];
            if (i > 0 && Math.abs(probability - INNER) > EPSILON) continue;
            found.add(
                    new Band(probability, quantiles.doubleValues()[i][channel], quantiles.doubleValues()[k][channel]));
        }
        return new Panel(title, axis, first, history, forecast, found);
    }

    /** The number of steps drawn. */
    public int length() {
        return history.length + forecast.length;
    }

    /** The value of a step, history or forecast. */
    public double value(int i) {
        return i < history.length ? history[i] : forecast[i - history.length];
    }

    /** The time of a step in milliseconds, on the clock of the file. */
    public long localTime(int i) {
        return axis.localTimeAt(first + i);
    }

    /** The smallest value drawn; 0 when all are missing. */
    public double min() {
        double min = Double.POSITIVE_INFINITY;
        for (int i = 0; i < length(); i++) if (value(i) < min) min = value(i);
        for (Band band : bands) for (double low : band.low) if (low < min) min = low;
        return min == Double.POSITIVE_INFINITY ? 0 : min;
    }

    /** The largest value drawn; 0 when all are missing. */
    public double max() {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < length(); i++) if (value(i) > max) max = value(i);
        for (Band band : bands) for (double high : band.high) if (high > max) max = high;
        return max == Double.NEGATIVE_INFINITY ? 0 : max;
    }
}
