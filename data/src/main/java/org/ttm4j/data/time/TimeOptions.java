package org.ttm4j.data.time;

import java.time.ZoneId;
import org.ttm4j.data.series.Frequency;

/**
 * What the caller states about the times of a file; null stands for what the reader is to find. Immutable.
 *
 * @param format the pattern in which times are written, such as {@code dd.MM.yyyy HH:mm} or {@code %d/%m/%y}
 * @param zone the zone of times without an offset, in which also others are written in the forecast
 * @param frequency the time between two steps
 * @param resampling how rows that fall into one step are joined; null when each row is a step
 */
public record TimeOptions(String format, ZoneId zone, Frequency frequency, Resampling resampling) {
    /** Everything is to be found. */
    public static final TimeOptions UNKNOWN = new TimeOptions(null, null, null, null);

    /** @throws IllegalArgumentException when the format is no pattern of times */
    public TimeOptions {
        if (format != null) TimePatterns.stated(format);
    }

    /** The same with a frequency. */
    public TimeOptions withFrequency(Frequency step) {
        return new TimeOptions(format, zone, step, resampling);
    }

    /** The same with a way to join rows. */
    public TimeOptions withResampling(Resampling how) {
        return new TimeOptions(format, zone, frequency, how);
    }

    /** The same with a zone. */
    public TimeOptions withZone(ZoneId region) {
        return new TimeOptions(format, region, frequency, resampling);
    }
}
