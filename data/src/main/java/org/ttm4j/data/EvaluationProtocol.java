package org.ttm4j.data;

/**
 * How the long-horizon forecasting benchmark splits a series. Validation and test are prefixed by the context rows
 * before them, every window at stride 1 counts, and errors are taken after standardising by the training rows
 * ({@link Standardizer}). Source: Zhou et al. 2021, arXiv:2012.07436 (ETT), Wu et al. 2021, arXiv:2106.13008 (ratio).
 */
public enum EvaluationProtocol {
    /** ETTh1 and ETTh2: 12, 4 and 4 months of 30 days, hourly; 14,400 rows are used. */
    ETTH,
    /** ETTm1 and ETTm2: the same in steps of 15 minutes; 57,600 rows are used. */
    ETTM,
    /** All other sets: 70 % training, 20 % test (both rounded down), the rest between them validation; all rows. */
    RATIO;

    private static final int HOURS_PER_MONTH = 30 * 24;

    /**
     * The rows of each part.
     *
     * @param rows the length of the series
     * @param context the length L of the context
     * @param horizon the length of the forecast
     * @throws IllegalArgumentException if the series is too short for the protocol, or a part for one window
     */
    public Split split(int rows, int context, int horizon) {
        int train;
        int test;
        int used = rows;
        if (this == RATIO) {
            train = (int) (0.7 * rows);
            test = (int) (0.2 * rows);
        } else {
            int month = this == ETTH ? HOURS_PER_MONTH : 4 * HOURS_PER_MONTH;
            train = 12 * month;
            test = 4 * month;
            used = 20 * month;
        }
        if (rows < used) {
            throw new IllegalArgumentException("protocol " + this + " uses " + used + " rows, found " + rows);
        }
        int validation = used - test - train;
        if (train < context + horizon || Math.min(validation, test) < horizon) {
            throw new IllegalArgumentException(
                    "protocol " + this + " splits " + rows + " rows into " + train + ", " + validation + " and " + test
                            + ": too few for one window of " + context + " + " + horizon + " rows in each part");
        }
        return new Split(new Split.Range(0, train), new Split.Range(train - context, used - test),
                new Split.Range(used - test - context, used));
    }
}
