package org.ttm4j.data.time;

import java.time.ZoneOffset;

/** The details in which cells of one {@link TimeLayout} can differ: separators, padding, time of day, offset. */
final class TimeStyle {
    char separator;
    boolean monthsOnly;
    boolean padded;
    char joint = ' ';
    int timeParts;
    boolean midnightAtStart; // a day begins at 0:00
    boolean midnightAtEnd; // a day ends at 24:00
    boolean hourPadded = true;
    String half = ""; // the pattern of AM and PM, with the blank before it
    int fractionDigits;
    String zone = "";
    ZoneOffset offset = ZoneOffset.UTC;

    /** Whether one column can hold both: a midnight may lack its 00:00, a whole second its fraction. */
    boolean agrees(TimeStyle other) {
        boolean bothTimes = timeParts > 0 && other.timeParts > 0;
        return separator == other.separator && monthsOnly == other.monthsOnly && (!bothTimes
                || (joint == other.joint && half.equals(other.half) && zone.isEmpty() == other.zone.isEmpty()));
    }

    /** Adds the details that only the other style shows, and takes its offset. */
    TimeStyle merge(TimeStyle other) {
        padded &= other.padded;
        hourPadded &= other.hourPadded;
        joint = timeParts > 0 ? joint : other.joint;
        half = timeParts > 0 ? half : other.half;
        zone = zone.isEmpty() ? other.zone : zone;
        timeParts = Math.max(timeParts, other.timeParts);
        midnightAtStart |= other.midnightAtStart;
        midnightAtEnd |= other.midnightAtEnd;
        fractionDigits = Math.max(fractionDigits, other.fractionDigits);
        offset = other.offset;
        return this;
    }

    /** The pattern of a {@link org.ttm4j.data.series.TimeFormat} that writes times in this style. */
    String pattern(TimeLayout layout) {
        String day = padded ? "dd" : "d";
        String month = padded ? "MM" : "M";
        String date = switch (layout) {
            case DAY_FIRST -> day + separator + month + separator + "uuuu";
            case MONTH_FIRST -> month + separator + day + separator + "uuuu";
            default -> "uuuu" + separator + month + (monthsOnly ? "" : separator + day);
        };
        if (timeParts == 0) return date;
        String hour = !half.isEmpty() ? "h" : midnightAtEnd && !midnightAtStart ? "k" : "H";
        return date + (joint == 'T' ? "'T'" : " ") + (hourPadded ? hour + hour : hour) + (timeParts > 1 ? ":mm" : "")
                + (timeParts > 2 ? ":ss" : "") + (fractionDigits > 0 ? "." + "S".repeat(fractionDigits) : "") + half
                + zone;
    }
}
