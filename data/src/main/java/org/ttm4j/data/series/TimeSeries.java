package org.ttm4j.data.series;

import java.util.Arrays;
import java.util.List;

/**
 * One multivariate series on a regular time grid. The arrays are not copied: do not write to them while threads share
 * them.
 *
 * @param id the id of the series in the file; null when the file holds a single series
 * @param channels the names of the channels
 * @param axis the time grid, on which index 0 is the first value
 * @param values the values, channels × time; NaN where one is missing
 */
public record TimeSeries(String id, List<String> channels, TimeAxis axis, float[][] values) {

    /** @throws IllegalArgumentException when there is no channel, names and values do not match, or lengths differ */
    public TimeSeries {
        channels = List.copyOf(channels);
        if (channels.isEmpty() || channels.size() != values.length) {
            throw new IllegalArgumentException("expected a name for each channel, at least one; found "
                    + channels.size() + " names for " + values.length + " channels");
        }
        for (float[] channel : values) {
            if (channel.length != values[0].length) {
                throw new IllegalArgumentException(
                        "expected channels of one length, found " + values[0].length + " and " + channel.length);
            }
        }
    }

    /** The number of steps. */
    public int length() {
        return values[0].length;
    }

    /** The values of a channel, over time. */
    public float[] channel(int index) {
        return values[index];
    }

    /** The steps {@code [from, to)} of every channel, on the same grid. The values are copied. */
    public TimeSeries slice(int from, int to) {
        float[][] part = new float[values.length][];
        for (int c = 0; c < part.length; c++) part[c] = Arrays.copyOfRange(values[c], from, to);
        return new TimeSeries(id, channels, axis.from(from), part);
    }

    /**
     * The series with some of the channels, in the given order. The values are shared.
     *
     * @throws IllegalArgumentException when the series has no channel of a name; the message says which
     */
    public TimeSeries select(List<String> names) {
        float[][] selected = new float[names.size()][];
        for (int i = 0; i < selected.length; i++) {
            int channel = channels.indexOf(names.get(i));
            if (channel < 0) throw new IllegalArgumentException("no channel " + Printable.quoted(names.get(i)));
            selected[i] = values[channel];
        }
        return new TimeSeries(id, names, axis, selected);
    }
}
