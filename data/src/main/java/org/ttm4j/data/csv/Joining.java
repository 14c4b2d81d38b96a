package org.ttm4j.data.csv;

import java.util.Arrays;

/** Joins the values of one channel that fall into one step. The values come in the order of their times. */
class Joining {
    final float[] values;

    private Joining(float[] values) {
        this.values = values;
        Arrays.fill(values, Float.NaN);
    }

    /** @param how null for the last value, as of rows that repeat a time */
    static Joining of(Resampling how, float[] values) {
        if (how == null || how == Resampling.LAST) return new Joining(values);
        return new Sums(values, how == Resampling.MEAN);
    }

    void add(int step, float value) {
        values[step] = value;
    }

    /** Completes the steps; called once, after the last value. */
    void finish() {}

    /** Sums, or means. */
    private static final class Sums extends Joining {
        private final boolean mean;
        private int step = -1;
        private double sum;
        private int count;

        Sums(float[] values, boolean mean) {
            super(values);
            this.mean = mean;
        }

        @Override
        void add(int to, float value) {
            if (to != step) {
                finish();
                step = to;
                sum = 0;
                count = 0;
            }
            sum += value;
            count++;
        }

        @Override
        void finish() {
            if (count > 0) values[step] = (float) (mean ? sum / count : sum);
        }
    }
}
