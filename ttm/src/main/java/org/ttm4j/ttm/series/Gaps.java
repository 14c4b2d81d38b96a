package org.ttm4j.ttm.series;

/** The missing values of a history: how many are at its end, and what a model sees in the place of others. Stateless. */
public final class Gaps {
    private Gaps() {}

    /**
     * Fills the unobserved steps (mask 0) of one channel: linearly between observed steps, by the nearest value at the
     * ends, by 0 if nothing is observed.
     */
    public static void fill(float[] past, float[] mask, int offset, int length) {
        int last = -1;
        for (int t = 0; t < length; t++) {
            if (mask[offset + t] == 0) continue;
            float right = past[offset + t];
            float left = last < 0 ? right : past[offset + last];
            for (int gap = last + 1; gap < t; gap++) {
                float share = last < 0 ? 0 : (float) (gap - last) / (t - last);
                past[offset + gap] = left * (1 - share) + right * share;
            }
            last = t;
        }
        float edge = last < 0 ? 0 : past[offset + last];
        for (int t = last + 1; t < length; t++) past[offset + t] = edge;
    }

    /**
     * Backward of {@link #fill}: moves the gradient of each filled step to the steps that it was filled from.
     *
     * @param gradient in the layout of the filled values
     */
    public static void fillBackward(double[] gradient, float[] mask, int offset, int length) {
        int last = -1;
        for (int t = 0; t <= length; t++) {
            if (t < length && mask[offset + t] == 0) continue;
            for (int gap = last + 1; gap < t; gap++) {
                double moved = gradient[offset + gap];
                double share = last < 0 ? 1 : t == length ? 0 : (double) (gap - last) / (t - last);
                if (last >= 0) gradient[offset + last] += moved * (1 - share);
                if (t < length) gradient[offset + t] += moved * share;
                gradient[offset + gap] = 0;
            }
            last = t;
        }
    }

    /** A copy in which the missing values (NaN) among the first {@code length} are filled in the same way. */
    public static double[] filled(double[] values, int length) {
        double[] filled = values.clone();
        int last = -1;
        for (int t = 0; t <= length; t++) {
            if (t < length && Double.isNaN(values[t])) continue;
            double left = last < 0 ? t < length ? values[t] : 0 : values[last];
            double right = t < length ? values[t] : left;
            for (int gap = last + 1; gap < t; gap++) filled[gap] = left + (right - left) * (gap - last) / (t - last);
            last = t;
        }
        return filled;
    }

    /** The missing values (NaN) behind the last that is observed; all where none is. */
    public static int atEnd(double[] values) {
        int missing = 0;
        while (missing < values.length && Double.isNaN(values[values.length - 1 - missing])) missing++;
        return missing;
    }

    /** The missing values (NaN) before the first that is observed; all where none is. */
    public static int atBeginning(double[] values) {
        int missing = 0;
        while (missing < values.length && Double.isNaN(values[missing])) missing++;
        return missing;
    }

    /** As {@link #filled(double[], int)}. */
    public static float[] filled(float[] values, int length) {
        float[] filled = values.clone();
        float[] mask = new float[length];
        for (int t = 0; t < length; t++) mask[t] = Float.isNaN(values[t]) ? 0 : 1;
        fill(filled, mask, 0, length);
        return filled;
    }
}
