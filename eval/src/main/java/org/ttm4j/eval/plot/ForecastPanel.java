package org.ttm4j.eval.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.interval.Quantiles;

/** Panels of forecasts: the history, the forecast that follows it, and bands around the forecast. */
public final class ForecastPanel {
    /** The styles of the curves. The future is where the forecast is, and now is the line where it begins. */
    public static final String HISTORY = "history";
    public static final String FORECAST = "forecast";
    public static final String BAND = "band";
    public static final String ANOMALY = "anomaly";
    static final String FUTURE = "future";
    static final String NOW = "now";

    /** Nearly all values are those without this share at each end. */
    private static final double TAIL = 0.01;
    /** The distance beyond nearly all values, over their range. */
    private static final double FAR = 5;

    /** The nominal coverage of the band inside the outermost one, which is drawn when both quantiles are known. */
    private static final double INNER = 0.4;
    private static final double EPSILON = 1e-9;

    /** The number of steps of history that are shown even for a short forecast, so that seasons can be seen. */
    private static final int LEAST_HISTORY = 48;

    private ForecastPanel() {}

    /**
     * A central prediction interval for each step of a forecast.
     *
     * @param level its nominal coverage in words
     * @param low the lower end for each step
     * @param high the upper end for each step
     */
    public record Band(String level, double[] low, double[] high) {}

    /** A channel as the title of a panel, behind the id of its series where it has one. */
    public static String titled(TimeSeries series, String channel) {
        return series.id() == null ? channel : series.id() + " · " + channel;
    }

    /**
     * The forecast of what follows a series, with {@code horizons} times as much history as forecast where the series has so
     * much, and with the bands between the outermost and between two inner quantiles, if the forecast has them.
     *
     * @param quantiles null for none
     * @param channel the index of the forecast among those of the quantiles
     */
    public static Panel of(String title, TimeAxis axis, double[] series, double[] forecast, Quantiles quantiles,
            int channel, int horizons) {
        List<Band> bands = new ArrayList<>();
        double[] levels = quantiles == null ? new double[0] : quantiles.levels();
        for (int i = 0, k = levels.length - 1; i < k; i++, k--) {
            double coverage = levels[k] - levels[i];
            if (i > 0 && Math.abs(coverage - INNER) > EPSILON) continue;
            double[][][] values = quantiles.doubleValues();
            bands.add(new Band(Html.number(100 * coverage) + " %", values[i][channel], values[k][channel]));
        }
        int shown = (int) Math.min(series.length, Math.max(LEAST_HISTORY, (long) horizons * forecast.length));
        return of(title, axis, series, series.length - shown, series.length, forecast, bands);
    }

    /**
     * A forecast from an origin within a series or from its end; later true values are drawn as history.
     *
     * @param axis the time axis of the series
     * @param from the first value of the series to draw
     * @param origin the index of the first step of the forecast
     */
    public static Panel of(String title, TimeAxis axis, double[] series, int from, int origin, double[] forecast,
            List<Band> bands) {
        int end = origin + forecast.length;
        int last = Math.max(from, origin - 1);
        double[] future = {axis.localTimeAt(last), axis.localTimeAt(end - 1)};
        double[] bottom = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        double[] top = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        List<Curve> curves = new ArrayList<>();
        curves.add(Curve.area(FUTURE, null, future, bottom, top));
        curves.add(Curve.line(NOW, null, new double[]{future[0], future[0]}, new double[]{bottom[0], top[0]}));
        String name = String.join(" and ", bands.stream().map(Band::level).toList()) + " intervals";
        for (Band band : bands) curves.add(Curve.area(BAND, name, times(axis, origin, end), band.low, band.high));
        double[] history = Arrays.copyOfRange(series, from, Math.min(end, series.length));
        String known = series.length > origin ? "truth" : HISTORY;
        curves.add(Curve.line(HISTORY, known, times(axis, from, from + history.length), history));
        // The forecast line starts at the last value of the history.
        double[] joined = Arrays.copyOfRange(series, last, end);
        System.arraycopy(forecast, 0, joined, origin - last, forecast.length);
        curves.add(Curve.line(FORECAST, FORECAST, times(axis, last, end), joined));
        return new Panel(title, across(axis, from, end - 1), up(curves), curves);
    }

    /**
     * An axis upwards that all values fit in but a few readings gone wrong, beside which nothing else could be seen: one in a
     * hundred at most, farther beyond nearly all values than five times their range. They are drawn to the edge.
     */
    private static Axis up(List<Curve> curves) {
        double[] values = curves.stream().flatMapToDouble(Curve::values).sorted().toArray();
        if (values.length == 0) return Axis.around(0, 0);
        int tail = (int) Math.ceil(TAIL * values.length);
        int last = values.length - 1;
        double low = values[Math.min(tail, last)];
        double high = values[Math.max(0, last - tail)];
        double far = FAR * (high - low);
        // Many zeros are those of sparse demand, where few values are all there is.
        if (far > 0 && values[0] < values[values.length / 3]) {
            values = Arrays.stream(values).filter(value -> value >= low - far && value <= high + far).toArray();
        }
        return Axis.around(values[0], values[values.length - 1]);
    }

    /** A panel of one curve: values of consecutive steps, the first of them at an index of the axis. */
    public static Panel line(String title, TimeAxis axis, int from, String style, String name, double[] values) {
        int end = from + values.length;
        Curve curve = Curve.line(style, name, times(axis, from, end), values);
        return Panel.of(title, across(axis, from, end - 1), List.of(curve));
    }

    /** The axis of the times from one step to another. */
    public static Axis across(TimeAxis axis, int from, int last) {
        boolean numbered = axis.format().pattern().equals(TimeFormat.NUMBERS);
        return new Axis(axis.localTimeAt(from), axis.localTimeAt(last), numbered ? Axis.Kind.COUNTS : Axis.Kind.DATES);
    }

    private static double[] times(TimeAxis axis, int from, int end) {
        return IntStream.range(from, end).mapToDouble(axis::localTimeAt).toArray();
    }
}
