package org.ttm4j.data.time;

import java.time.ZoneId;
import org.ttm4j.data.series.Frequency;

/**
 * The caller's statements about the times of a file; the reader finds whatever is null. Immutable.
 *
 * @param format the pattern in which times are written, such as {@code dd.MM.yyyy HH:mm} or {@code %d/%m/%y}
 * @param zone the zone of times without an offset, in which also others are written in the forecast
 * @param frequency the time between two steps
 * @param resampling how rows that fall into one step are joined; null for {@link Resampling#AUTO} where several rows clearly
 *     share a step, and else each row is a step
 * @param fill what stands for steps without a row; null for zero where the values show that it is meant, and else missing
 */
public record TimeOptions(String format, ZoneId zone, Frequency frequency, Resampling resampling, Fill fill) {
    /** The reader finds everything. */
    public static final TimeOptions UNKNOWN = new TimeOptions(null, null, null, null, null);

    /** @throws IllegalArgumentException when the format is no pattern of times */
    public TimeOptions {
        if (format != null) TimePatterns.stated(format);
    }

    /** The same with a frequency. */
    public TimeOptions withFrequency(Frequency step) {
        return new TimeOptions(format, zone, step, resampling, fill);
    }

    /** The same with a way to join rows. */
    public TimeOptions withResampling(Resampling how) {
        return new TimeOptions(format, zone, frequency, how, fill);
    }

    /** The same with a zone. */
    public TimeOptions withZone(ZoneId region) {
        return new TimeOptions(format, region, frequency, resampling, fill);
    }

    /** The same with what stands for steps without a row. */
    public TimeOptions withFill(Fill what) {
        return new TimeOptions(format, zone, frequency, resampling, what);
    }

    /** The value of a step that has no row. A step whose row has an empty cell is missing, unless gaps are interpolated. */
    public enum Fill {
        /** Zero, as where nothing was sold. */
        ZERO,
        /** A line between the values before and after, also in empty cells; what has no value before or after stays missing. */
        INTERPOLATE,
        /** NaN, a missing value. */
        MISSING
    }

    /** How the rows that fall into one step become one value; missing values do not count. */
    public enum Resampling {
        /**
         * For each column apart: the sum of amounts and events, the mean of prices and levels, the last of balances, by the name
         * of the column or else by its values. {@link org.ttm4j.data.grid.RepairReport} says which.
         */
        AUTO,
        /** The mean of the values. */
        MEAN,
        /** The sum of the values; of no row, 0. */
        SUM,
        /** The value of the latest row. */
        LAST
    }
}
