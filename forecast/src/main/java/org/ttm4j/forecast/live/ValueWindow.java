package org.ttm4j.forecast.live;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The last rows of a series by step: a value for each channel, as doubles. In bytes a value takes four: what float32 holds
 * comes back as it was, others to its seven digits. Where all values of a channel, but for one, lie far from zero for how
 * much they differ, as those of a large counter, the bytes hold float32 differences from one of them, and come back finer.
 * Mutable; for one thread at a time.
 */
final class ValueWindow {
    /** Twice the longest context; keeps a wild time from making a state of megabytes. */
    static final int MAX_STEPS = 1 << 17;

    /** How far from zero, in ranges of the values, differences are written instead of values. */
    private static final double FAR = 1024;

    /** Channels × capacity. */
    private final double[][] rows;
    /** By channel, what is subtracted from values to be written, or 0; kept while possible, so that they are rounded once. */
    private final double[] offsets;
    private int length;
    private long first;

    /** Of no step. */
    ValueWindow(int channels) {
        rows = new double[channels][0];
        offsets = new double[channels];
    }

    int channels() {
        return rows.length;
    }

    /** The step of the oldest row; where it is empty, of the next one. */
    long first() {
        return first;
    }

    /** The step after the newest row. */
    long end() {
        return first + length;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** The row of a step; NaN where it has no value. */
    double[] at(long step) {
        return IntStream.range(0, rows.length).mapToDouble(channel -> at(channel, step)).toArray();
    }

    private double at(int channel, long step) {
        return step < first || step >= end() ? Double.NaN : rows[channel][(int) (step - first)];
    }

    /** Whether no channel has a value. */
    boolean isMissing(long step) {
        for (int c = 0; c < rows.length; c++) if (!Double.isNaN(at(c, step))) return false;
        return true;
    }

    /** Channels × the steps from {@code from} (inclusive) to {@code to} (exclusive); NaN where it has no value. */
    double[][] values(long from, long to) {
        double[][] values = new double[rows.length][(int) (to - from)];
        for (int c = 0; c < values.length; c++) {
            for (int i = 0; i < values[c].length; i++) values[c][i] = at(c, from + i);
        }
        return values;
    }

    /**
     * Sets the row of a step, whatever it was. Steps before the last {@link #MAX_STEPS} are dropped, or not taken.
     *
     * @param row float32 reaches as far
     */
    void put(long step, double... row) {
        if (length > 0 && step < end() - MAX_STEPS) return;
        if (length > 0 && step >= first + MAX_STEPS) dropBefore(step - MAX_STEPS + 1);
        if (length == 0) first = step;
        int before = (int) Math.max(0, first - step);
        int longer = Math.max(length + before, (int) (step - first) + 1);
        boolean grows = longer > rows[0].length;
        for (int c = 0; c < rows.length; c++) {
            double[] target = grows ? new double[longer + longer / 2] : rows[c];
            if (grows || before > 0) System.arraycopy(rows[c], 0, target, before, length);
            Arrays.fill(target, 0, before, Double.NaN);
            Arrays.fill(target, Math.min(longer, length + before), longer, Double.NaN);
            rows[c] = target;
        }
        first -= before;
        length = longer;
        for (int c = 0; c < rows.length; c++) rows[c][(int) (step - first)] = row[c];
    }

    /** Forgets all values; the next one may be of any step, and is expected at this one. */
    void clear(long next) {
        first = next;
        length = 0;
        Arrays.fill(offsets, 0);
    }

    /** Forgets what is before a step. */
    void dropBefore(long step) {
        int dropped = Math.clamp(step - first, 0, length);
        for (double[] channel : rows) System.arraycopy(channel, dropped, channel, 0, length - dropped);
        first += dropped;
        length -= dropped;
    }

    /** Forgets the steps without a value that are in front. */
    void dropMissing() {
        long step = first;
        while (step < end() && isMissing(step)) step++;
        dropBefore(step);
    }

    /** What to write the values of a channel as differences from; 0 for none. */
    private double offset(double[] channel, double old) {
        boolean areFloats = old == 0;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double secondLow = low;
        double secondHigh = high;
        int count = 0;
        for (int i = 0; i < length; i++) {
            double value = channel[i];
            if (Double.isNaN(value)) continue;
            areFloats &= (float) value == value;
            secondLow = Math.min(secondLow, Math.max(low, value));
            secondHigh = Math.max(secondHigh, Math.min(high, value));
            low = Math.min(low, value);
            high = Math.max(high, value);
            count++;
        }
        if (areFloats || count == 0) return 0;
        double level = 0;
        if (isFar(low, high) || count > 2 && isFar(low, secondHigh)) level = low;
        else if (count > 2 && isFar(secondLow, high)) level = secondLow;
        // An offset farther from all values than these are from each other is replaced.
        boolean stays = old != 0 && level != 0 && Math.max(low - old, old - high) <= high - low;
        return stays ? old : level;
    }

    private static boolean isFar(double low, double high) {
        return Math.max(low, -high) > FAR * (high - low);
    }

    /** Bytes that {@link #write} takes. */
    int bytes() {
        return bytes(rows.length) + rows.length * length * Float.BYTES;
    }

    private static int bytes(int channels) {
        return Long.BYTES + channels * Double.BYTES;
    }

    /** Whether {@link #write} may have written so many bytes. */
    static boolean isWhole(int bytes, int channels) {
        return bytes >= bytes(channels) && (bytes - bytes(channels)) % (channels * Float.BYTES) == 0;
    }

    void write(ByteBuffer to) {
        to.putLong(first);
        for (int c = 0; c < rows.length; c++) {
            offsets[c] = offset(rows[c], offsets[c]);
            to.putDouble(offsets[c]);
        }
        for (int c = 0; c < rows.length; c++) {
            for (int i = 0; i < length; i++) to.putFloat((float) (rows[c][i] - offsets[c]));
        }
    }

    /** What {@link #write} wrote, to the end of the buffer. */
    static ValueWindow read(ByteBuffer from, int channels) {
        ValueWindow window = new ValueWindow(channels);
        window.first = from.getLong();
        for (int c = 0; c < channels; c++) window.offsets[c] = from.getDouble();
        window.length = from.remaining() / (channels * Float.BYTES);
        for (int c = 0; c < channels; c++) {
            window.rows[c] = new double[window.length];
            for (int i = 0; i < window.length; i++) window.rows[c][i] = window.offsets[c] + from.getFloat();
        }
        return window;
    }
}
