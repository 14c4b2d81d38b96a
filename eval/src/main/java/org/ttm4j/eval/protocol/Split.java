package org.ttm4j.eval.protocol;

/**
 * The rows of a series that training, validation and test may see.
 *
 * @param train the training rows
 * @param validation the validation rows, the context before the first of them included
 * @param test the test rows, the context before the first of them included
 */
public record Split(Range train, Range validation, Range test) {

    /**
     * Rows {@code [from, to)}.
     *
     * @param from the first row
     * @param to the row after the last
     */
    public record Range(int from, int to) {
        /** @throws IllegalArgumentException if from is negative or beyond to */
        public Range {
            if (from < 0 || from > to) {
                throw new IllegalArgumentException("not a range of rows: [" + from + ", " + to + ")");
            }
        }

        /** The number of rows. */
        public int length() {
            return to - from;
        }

        /** The number of windows of context + horizon rows at stride 1; window i begins at row {@code from + i}. */
        public int windows(int context, int horizon) {
            return Math.max(0, length() - context - horizon + 1);
        }
    }

    /**
     * The first {@code train} rows to train, the last {@code test} of {@code rows} to test, the rest between to validate.
     *
     * @throws IllegalArgumentException if a part is too short for one window
     */
    static Split of(int rows, int train, int test, int context, int horizon) {
        int validation = rows - test - train;
        if (train < context + horizon || Math.min(validation, test) < horizon) {
            throw new IllegalArgumentException(
                    rows + " rows into " + train + ", " + validation + " and " + test + " to train, validate and test: "
                            + "too few for one window of " + context + " + " + horizon + " rows in each part");
        }
        return new Split(new Range(0, train), new Range(train - context, rows - test),
                new Range(rows - test - context, rows));
    }

    /**
     * The first training rows for few-shot training: int(share · (T − context)) + context of the T training rows, as
     * published with TTM.
     *
     * @throws IllegalArgumentException unless 0 &lt; share ≤ 1
     */
    public Range fewShot(double share, int context) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share of the training rows: expected 0 < share <= 1, found " + share);
        }
        int rows = (int) (share * (train.length() - context)) + context;
        return new Range(train.from(), train.from() + rows);
    }
}
