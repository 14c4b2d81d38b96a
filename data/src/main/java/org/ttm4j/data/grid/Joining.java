package org.ttm4j.data.grid;

import java.util.Arrays;
import org.ttm4j.data.time.Resampling;

/** Joins the values of one channel that fall into one step. The values come in the order of their times. */
class Joining {
    final double[] values;

    private Joining(double[] values) {
        this.values = values;
        Arrays.fill(values, Double.NaN);
    }

    /** @param how null for the last value, as of rows that repeat a time */
    static Joining of(Resampling how, double[] values) {
        if (how == null || how == Resampling.LAST) return new Joining(values);
        return new Sums(values, how == Resampling.MEAN);
    }

    void add(int step, double value) {
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

        Sums(double[] values, boolean mean) {
            super(values);
            this.mean = mean;
        }

        @Override
        void add(int to, double value) {
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
            if (count > 0) values[step] = mean ? sum / count : sum;
        }
    }
}
