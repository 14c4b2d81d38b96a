package org.ttm4j.eval.protocol;

import java.util.Locale;

/**
 * How the long-horizon forecasting benchmark splits a series. The rows of validation and test include the context
 * before them, all windows at stride 1 are used, and errors are computed after standardisation by the training rows
 * ({@link org.ttm4j.ttm.series.Standardization}). Source: Zhou et al. 2021, arXiv:2012.07436 (ETT), Wu et al. 2021,
 * arXiv:2106.13008 (ratio).
 */
public enum EvaluationProtocol implements Split.Rule {
    /** ETTh1 and ETTh2: 12, 4 and 4 months of 30 days, hourly; 14,400 rows are used. */
    ETTH,
    /** ETTm1 and ETTm2: the same months in steps of 15 minutes; 57,600 rows are used. */
    ETTM,
    /** All other data sets: 70 % training, 20 % test (both rounded down), the rows between them validation. */
    RATIO;

    private static final int HOURS_PER_MONTH = 30 * 24;
    private static final Split.Shares RATIO_SHARES = new Split.Shares(0.7, 0.1, 0.2);

    /** @throws IllegalArgumentException also when the series is shorter than the rows that the protocol uses */
    @Override
    public Split split(int rows, int context, int horizon) {
        if (this == RATIO) return RATIO_SHARES.split(rows, context, horizon);
        int month = this == ETTH ? HOURS_PER_MONTH : 4 * HOURS_PER_MONTH;
        int used = 20 * month;
        if (rows < used) {
            throw new IllegalArgumentException("protocol " + this + " uses " + used + " rows, found " + rows);
        }
        return Split.of(used, 12 * month, 4 * month, context, horizon);
    }

    /** The name in lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
