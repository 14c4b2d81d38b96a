package org.ttm4j.eval.table;

import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.temporal.Temporal;
import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;

/** Times in ISO 8601, for programs. Stateless. */
public final class IsoTimes {
    private IsoTimes() {}

    /** A time, with seconds where it has a time of day. */
    public static String text(Temporal time) {
        return switch (time) {
            case OffsetDateTime instant -> DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant);
            case LocalDateTime local -> DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local);
            // YearMonth.toString has no sign for years beyond 9999, which its parser expects; LocalDate's has one.
            case YearMonth month -> month.atDay(1).toString().replaceFirst("-01$", "");
            default -> time.toString();
        };
    }

    /** The times of steps on the clock of the table, with its offset where it has one; without times the numbers of its rows. */
    public static List<String> of(TimeAxis axis, int from, int to) {
        return IntStream.range(from, to).mapToObj(t -> of(axis, t)).toList();
    }

    private static String of(TimeAxis axis, int step) {
        TimeFormat format = axis.format();
        if (format.pattern().equals(TimeFormat.NUMBERS)) return axis.labelAt(step);
        return text(format.isAbsolute()
                ? axis.instantAt(step).atZone(format.zone()).toOffsetDateTime()
                : TimeAxis.local(axis.localTimeAt(step)));
    }
}
