package org.ttm4j.data.time;

import org.ttm4j.data.series.TimeFormat;

/** The orders in which a cell can hold the parts of a time. */
public enum TimeLayout {
    PATTERN(""), // as a DateTimeFormatter reads it
    YEAR_FIRST(""), // 2016-07-01
    DAY_FIRST(""), // 1.7.2016
    MONTH_FIRST(""), // 7/1/2016
    COMPACT("uuuuMMdd"), //
    COMPACT_MONTH("uuuuMM"), //
    COMPACT_HOUR("uuuuMMddHH"), //
    COMPACT_MINUTE("uuuuMMddHHmm"), //
    COMPACT_SECOND("uuuuMMddHHmmss"), //
    YEAR("uuuu"), //
    EPOCH_SECONDS(TimeFormat.EPOCH_SECONDS), //
    EPOCH_MILLIS(TimeFormat.EPOCH_MILLIS), //
    EPOCH_MICROS(TimeFormat.EPOCH_MICROS), //
    EPOCH_NANOS(TimeFormat.EPOCH_NANOS), //
    EXCEL_DAYS(TimeFormat.EXCEL_DAYS), // only where it is stated, or the name of the column says that it is a date
    NUMBERS(TimeFormat.NUMBERS);

    private final String pattern;

    TimeLayout(String pattern) {
        this.pattern = pattern;
    }

    /** The layout of times that are written in a format. */
    static TimeLayout of(TimeFormat format) {
        String pattern = format.pattern();
        for (TimeLayout layout : values()) {
            if (layout.isEpoch() || layout == EXCEL_DAYS
                    ? pattern.startsWith(layout.pattern)
                    : pattern.equals(layout.pattern)) {
                return layout;
            }
        }
        return pattern.startsWith("u") ? YEAR_FIRST : pattern.startsWith("d") ? DAY_FIRST : MONTH_FIRST;
    }

    /**
     * The pattern of the {@link TimeFormat}; empty for layouts that are not numbers, where {@link TimeStyle} has it.
     */
    String pattern() {
        return pattern;
    }

    /** Whether times in this layout are plain numbers. */
    boolean isNumber() {
        return !pattern.isEmpty();
    }

    /** Whether times in this layout are counted from 1970. */
    boolean isEpoch() {
        return this == EPOCH_SECONDS || this == EPOCH_MILLIS || this == EPOCH_MICROS || this == EPOCH_NANOS;
    }

    /** Whether times in this layout are the digits of a date and a time of day, which can look like an epoch. */
    boolean isCompactTime() {
        return this == COMPACT_HOUR || this == COMPACT_MINUTE || this == COMPACT_SECOND;
    }
}
