package org.ttm4j.data.series;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/**
 * One multivariate series on a regular time grid. The arrays are not copied: do not write to them while threads share
 * them.
 *
 * @param id the id of the series in the file; null when the file holds a single series
 * @param channels the names of the channels
 * @param axis the time grid, on which index 0 is the first value
 * @param doubleValues the values, channels × time; NaN where one is missing
 */
public record TimeSeries(String id, List<String> channels, TimeAxis axis, double[][] doubleValues) {
    /** The fewest floats within the usual step of a channel that is shown in them. */
    private static final int LEVELS = 256;
    private static final MathContext DIGITS = new MathContext(15);

    /** @throws IllegalArgumentException when there is no channel, names and values do not match, or lengths differ */
    public TimeSeries {
        channels = List.copyOf(channels);
        if (channels.isEmpty() || channels.size() != doubleValues.length) {
            throw new IllegalArgumentException("expected a name for each channel, at least one; found "
                    + channels.size() + " names for " + doubleValues.length + " channels");
        }
        for (double[] channel : doubleValues) {
            if (channel.length != doubleValues[0].length) {
                throw new IllegalArgumentException(
                        "expected channels of one length, found " + doubleValues[0].length + " and " + channel.length);
            }
        }
    }

    /** The number of steps. */
    public int length() {
        return doubleValues[0].length;
    }

    /** The values as float32, channels × time, made at each call: of those about 1e9 in steps of 64. */
    public float[][] values() {
        return IntStream.range(0, doubleValues.length).mapToObj(this::channel).toArray(float[][]::new);
    }

    /** The values of a channel, over time. */
    public double[] doubleChannel(int index) {
        return doubleValues[index];
    }

    /** The same as {@link #values()} has them. */
    public float[] channel(int index) {
        float[] floats = new float[length()];
        for (int t = 0; t < floats.length; t++) floats[t] = (float) doubleValues[index][t];
        return floats;
    }

    /**
     * How values of a channel, and forecasts of it, are shown: as floats, whose shortest digits are few, or as doubles of
     * fifteen digits where float32 is too coarse for the steps of the channel. Greater values are never shown smaller.
     */
    public DoubleFunction<Number> numbers(int channel) {
        double[] values = doubleValues[channel];
        double[] steps = IntStream.range(1, values.length)
                .mapToDouble(t -> Math.abs(values[t] - values[t - 1]))
                .filter(step -> step > 0)
                .sorted()
                .toArray();
        double usual = steps.length == 0 ? 0 : steps[steps.length / 2];
        return value -> !Double.isFinite(value) || usual > LEVELS * Math.ulp((float) value)
                ? (Number) (float) value
                : new BigDecimal(value).round(DIGITS).doubleValue();
    }

    /** The steps {@code [from, to)} of every channel, on the same grid. The values are copied. */
    public TimeSeries slice(int from, int to) {
        double[][] part = new double[doubleValues.length][];
        for (int c = 0; c < part.length; c++) part[c] = Arrays.copyOfRange(doubleValues[c], from, to);
        return new TimeSeries(id, channels, axis.from(from), part);
    }

    /** The steps up to the last value. */
    public int observed() {
        int end = length();
        for (; end > 0; end--) for (double[] channel : doubleValues) if (!Double.isNaN(channel[end - 1])) return end;
        return end;
    }

    /** The steps before the first that lacks the value of a channel. */
    public int untilGap() {
        int end = 0;
        while (end < length() && isWhole(end)) end++;
        return end;
    }

    /** The steps up to the last that lacks the value of no channel. */
    public int untilWhole() {
        int end = length();
        while (end > 0 && !isWhole(end - 1)) end--;
        return end;
    }

    private boolean isWhole(int step) {
        return Arrays.stream(doubleValues).noneMatch(channel -> Double.isNaN(channel[step]));
    }

    /** The series up to the last value of some channels; the whole one where these have none. */
    public TimeSeries upToLast(List<String> names) {
        int end = select(names).observed();
        return end == 0 || end == length() ? this : slice(0, end);
    }

    /**
     * The series with some of the channels, in the given order. The values are shared.
     *
     * @throws IllegalArgumentException when the series has no channel of a name; the message says which
     */
    public TimeSeries select(List<String> names) {
        double[][] selected = new double[names.size()][];
        for (int i = 0; i < selected.length; i++) {
            int channel = channels.indexOf(names.get(i));
            if (channel < 0) throw new IllegalArgumentException("no channel " + Printable.quoted(names.get(i)));
            selected[i] = doubleValues[channel];
        }
        return new TimeSeries(id, names, axis, selected);
    }
}
