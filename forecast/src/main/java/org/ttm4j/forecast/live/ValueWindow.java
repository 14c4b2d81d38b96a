package org.ttm4j.forecast.live;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The last values of a series by step, in four bytes a step. Values that float32 holds come back as they were, others to its
 * seven digits. Where all, but for one, lie far from zero for how much they differ, as those of a large counter, they are
 * kept as float32 differences from one of them, and come back finer. Which one that is depends on the order in which they
 * came, and with it bits that float32 does not have.
 * Mutable; for one thread at a time.
 */
final class ValueWindow {
    /** Far more than any context; keeps a wild time from taking all memory. */
    static final int MAX_STEPS = 1 << 20;

    private static final int HEADER = Long.BYTES + Double.BYTES;

    /** How far from zero, in ranges of the values, differences are kept instead of values. */
    private static final double FAR = 1024;

    private float[] differences = new float[0];
    private int length;
    private long first;
    /** 0 unless differences are kept. */
    private double offset;

    /** The step of the oldest value; where it is empty, of the next one. */
    long first() {
        return first;
    }

    /** The step after the newest value. */
    long end() {
        return first + length;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** The value of a step; NaN where it has none. */
    double at(long step) {
        return step < first || step >= end() ? Double.NaN : offset + differences[(int) (step - first)];
    }

    /** The values of the steps from {@code from} (inclusive) to {@code to} (exclusive). */
    double[] values(long from, long to) {
        double[] values = new double[(int) (to - from)];
        for (int i = 0; i < values.length; i++) values[i] = at(from + i);
        return values;
    }

    /**
     * Sets the value of a step, whatever it was. Steps before the last {@link #MAX_STEPS} are dropped, or not taken.
     *
     * @param value float32 reaches as far
     */
    void put(long step, double value) {
        if (length == 0) first = step;
        if (step < end() - MAX_STEPS) return;
        if (step >= first + MAX_STEPS) dropBefore(step - MAX_STEPS + 1);
        if (length == 0) first = step;
        int before = (int) Math.max(0, first - step);
        int longer = Math.max(length + before, (int) (step - first) + 1);
        if (before > 0 || longer > differences.length) {
            float[] larger = new float[longer];
            System.arraycopy(differences, 0, larger, before, length);
            Arrays.fill(larger, 0, before, Float.NaN);
            differences = larger;
        }
        if (longer > length + before) Arrays.fill(differences, length + before, longer, Float.NaN);
        first -= before;
        length = longer;
        if (offset != 0 || (float) value != value) keepLevel(level(value));
        differences[(int) (step - first)] = (float) (value - offset);
    }

    /** @param level NaN for none */
    private void keepLevel(double level) {
        if (offset == 0 && !Double.isNaN(level)) moveOffset(level);
        else if (offset != 0 && Double.isNaN(level)) moveOffset(0);
    }

    /** Forgets all values. */
    void clear() {
        length = 0;
        offset = 0;
    }

    /** Forgets what is before a step, and the gap that is then in front. */
    void dropBefore(long step) {
        int dropped = Math.clamp(step - first, 0, length);
        while (dropped < length && Float.isNaN(differences[dropped])) dropped++;
        System.arraycopy(differences, dropped, differences, 0, length - dropped);
        first += dropped;
        length -= dropped;
        followLevel();
    }

    /**
     * A value near which all lie, with one to come, but for one that may be anywhere; NaN where they are not far from zero
     * for how much they differ.
     */
    private double level(double next) {
        double low = next;
        double high = next;
        double secondLow = Double.POSITIVE_INFINITY;
        double secondHigh = Double.NEGATIVE_INFINITY;
        int count = 1;
        for (int i = 0; i < length; i++) {
            if (Float.isNaN(differences[i])) continue;
            double value = offset + differences[i];
            secondLow = Math.min(secondLow, Math.max(low, value));
            secondHigh = Math.max(secondHigh, Math.min(high, value));
            low = Math.min(low, value);
            high = Math.max(high, value);
            count++;
        }
        if (isFar(low, high) || count > 2 && isFar(low, secondHigh)) return low;
        return count > 2 && isFar(secondLow, high) ? secondLow : Double.NaN;
    }

    private static boolean isFar(double low, double high) {
        return Math.max(low, -high) > FAR * (high - low);
    }

    /** Takes the newest value as the offset where the old one is further from all values than these are from each other. */
    private void followLevel() {
        if (offset == 0 || length == 0) return;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            if (Float.isNaN(differences[i])) continue;
            low = Math.min(low, differences[i]);
            high = Math.max(high, differences[i]);
        }
        double distance = Math.max(low, -high);
        if (distance > high - low) moveOffset(at(end() - 1));
    }

    private void moveOffset(double to) {
        for (int i = 0; i < length; i++) differences[i] = (float) (offset + differences[i] - to);
        offset = to;
    }

    /** Bytes that {@link #write} takes. */
    int bytes() {
        return HEADER + length * Float.BYTES;
    }

    /** Whether {@link #write} may have written so many bytes. */
    static boolean isWhole(int bytes) {
        return bytes >= HEADER && (bytes - HEADER) % Float.BYTES == 0;
    }

    void write(ByteBuffer to) {
        to.putLong(first).putDouble(offset);
        to.asFloatBuffer().put(differences, 0, length);
    }

    /** What {@link #write} wrote, to the end of the buffer. */
    static ValueWindow read(ByteBuffer from) {
        ValueWindow window = new ValueWindow();
        window.first = from.getLong();
        window.offset = from.getDouble();
        window.length = from.remaining() / Float.BYTES;
        window.differences = new float[window.length];
        from.asFloatBuffer().get(window.differences);
        return window;
    }
}
