package org.ttm4j.eval.protocol;

import org.ttm4j.ttm.series.Rows;

/**
 * The rows of a series for training, validation and test.
 *
 * @param validation the validation rows, including the context before them
 * @param test the test rows, including the context before them
 */
public record Split(Rows train, Rows validation, Rows test) {

    /**
     * The first {@code train} rows are for training, the last {@code test} for test, the rows between for validation.
     *
     * @throws IllegalArgumentException when a part is too short for one window
     */
    static Split of(int rows, int train, int test, int context, int horizon) {
        int validation = rows - test - train;
        if (train < context + horizon || Math.min(validation, test) < horizon) {
            int fits = Math.min(train - context, Math.min(validation, test));
            throw new IllegalArgumentException(rows + " rows into " + train + ", " + validation + " and " + test
                    + " to train, validate and test: too few for one window of " + context + " + " + horizon
                    + " rows in each part" + (fits > 0 ? "; a horizon of " + fits + " fits" : ""));
        }
        return new Split(new Rows(0, train), new Rows(train - context, rows - test),
                new Rows(rows - test - context, rows));
    }

    /**
     * The first training rows for few-shot training: int(share · (T − context)) + context of the T training rows, as in
     * the TTM paper.
     *
     * @throws IllegalArgumentException unless 0 &lt; share ≤ 1
     */
    public Rows fewShot(double share, int context) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share of the training rows: expected 0 < share <= 1, found " + share);
        }
        int rows = (int) (share * (train.length() - context)) + context;
        return new Rows(train.from(), train.from() + rows);
    }

    /** Divides a series in time. Immutable; {@code toString} is its description in reports. */
    public interface Rule {

        /**
         * The rows of each part.
         *
         * @param rows the length of the series
         * @param context the length L of the context
         * @param horizon the length of the forecast
         * @throws IllegalArgumentException when a part is too short for one window
         */
        Split split(int rows, int context, int horizon);

        /** Whether each part of a series of so many rows has a window. */
        default boolean fits(int rows, int context, int horizon) {
            try {
                split(rows, context, horizon);
                return true;
            } catch (IllegalArgumentException tooShort) {
                return false;
            }
        }
    }

    /**
     * A split by shares of the rows: the first int(train · n) rows are for training, the last int(test · n) for test, the
     * rows between for validation.
     */
    public record Shares(double train, double validation, double test) implements Rule {
        private static final double ROUNDING = 1e-6;

        /** @throws IllegalArgumentException unless all are above 0 and their sum is 1 */
        public Shares {
            if (!(train > 0 && validation > 0 && test > 0 && Math.abs(train + validation + test - 1) < ROUNDING)) {
                throw new IllegalArgumentException("expected shares above 0 that add up to 1, found " + train + ", "
                        + validation + " and " + test);
            }
        }

        @Override
        public Split split(int rows, int context, int horizon) {
            return Split.of(rows, (int) (train * rows), (int) (test * rows), context, horizon);
        }

        /** For example {@code 0.5,0.25,0.25}. */
        @Override
        public String toString() {
            return train + "," + validation + "," + test;
        }
    }
}
