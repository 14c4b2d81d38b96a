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
}
