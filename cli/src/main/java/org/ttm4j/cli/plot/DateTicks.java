package org.ttm4j.cli.plot;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;

/**
 * The dates along a time axis: round clock times, days, Mondays, months or years, in the finest unit that fits. Each
 * tick has a short label. The larger unit (the date of an hour, the year of a day) stands below the label where it
 * changes.
 */
public final class DateTicks {
    /**
     * A tick.
     *
     * @param time milliseconds since 1970-01-01 00:00
     * @param label such as {@code 06:00}, {@code 5 Mar} or {@code Mar}
     * @param context such as {@code 5 Mar 2024} or {@code 2024}; null where it is the same as that of the tick before
     */
    public record Tick(long time, String label, String context) {}

    private static final List<Step> STEPS = List.of(new Step(ChronoUnit.MILLIS, 1), new Step(ChronoUnit.MILLIS, 10),
            new Step(ChronoUnit.MILLIS, 100), new Step(ChronoUnit.SECONDS, 1), new Step(ChronoUnit.SECONDS, 5),
            new Step(ChronoUnit.SECONDS, 15), new Step(ChronoUnit.SECONDS, 30), new Step(ChronoUnit.MINUTES, 1),
            new Step(ChronoUnit.MINUTES, 5), new Step(ChronoUnit.MINUTES, 15), new Step(ChronoUnit.MINUTES, 30),
            new Step(ChronoUnit.HOURS, 1), new Step(ChronoUnit.HOURS, 3), new Step(ChronoUnit.HOURS, 6),
            new Step(ChronoUnit.HOURS, 12), new Step(ChronoUnit.DAYS, 1), new Step(ChronoUnit.DAYS, 2),
            new Step(ChronoUnit.WEEKS, 1), new Step(ChronoUnit.WEEKS, 2), new Step(ChronoUnit.MONTHS, 1),
            new Step(ChronoUnit.MONTHS, 3), new Step(ChronoUnit.MONTHS, 6), new Step(ChronoUnit.YEARS, 1),
            new Step(ChronoUnit.YEARS, 2), new Step(ChronoUnit.YEARS, 5), new Step(ChronoUnit.YEARS, 10),
            new Step(ChronoUnit.YEARS, 20), new Step(ChronoUnit.YEARS, 50), new Step(ChronoUnit.YEARS, 100),
            new Step(ChronoUnit.YEARS, 500), new Step(ChronoUnit.YEARS, 2000));

    private static final DateTimeFormatter DATE = pattern("d MMM uuuu");

    private DateTicks() {}

    /** At most {@code most} ticks between two times of an axis, both included; round numbers where it has no times. */
    public static List<Tick> along(TimeAxis axis, long from, long to, int most) {
        if (!axis.format().pattern().equals(TimeFormat.NUMBERS)) return between(from, to, most);
        long step = 1;
        // 1, 2, 5, 10, …
        for (int i = 0; (to - from) / step >= most; i++) step = i % 3 == 1 ? step / 2 * 5 : step * 2;
        List<Tick> ticks = new ArrayList<>();
        for (long number = Math.ceilDiv(from, step) * step; number <= to; number += step) {
            ticks.add(new Tick(number, Long.toString(number), null));
        }
        return ticks;
    }

    /** At most {@code most} ticks between two times in milliseconds, both included. */
    public static List<Tick> between(long from, long to, int most) {
        for (Step step : STEPS) {
            double estimate = (double) (to - from) / step.unit.getDuration().multipliedBy(step.count).toMillis();
            if (estimate > most + 1) continue;
            List<Tick> ticks = ticks(from, to, step);
            if (ticks.size() <= most) return ticks;
        }
        return List.of();
    }

    private static List<Tick> ticks(long from, long to, Step step) {
        List<Tick> ticks = new ArrayList<>();
        LocalDateTime end = TimeAxis.local(to);
        String last = null;
        for (LocalDateTime time = step.floor(TimeAxis.local(from)); !time.isAfter(end); time = step.next(time)) {
            long millis = time.toInstant(ZoneOffset.UTC).toEpochMilli();
            if (millis < from) continue;
            String context = step.context(time);
            ticks.add(new Tick(millis, step.label(time), context.equals(last) ? null : context));
            last = context;
        }
        return ticks;
    }

    private static DateTimeFormatter pattern(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }

    /** The distance between two ticks. */
    private record Step(ChronoUnit unit, int count) {

        /** The last round time that is not after the given one. */
        LocalDateTime floor(LocalDateTime time) {
            if (unit == ChronoUnit.YEARS) {
                int year = Math.floorDiv(time.getYear(), count) * count;
                return LocalDateTime.of(year, 1, 1, 0, 0);
            }
            LocalDateTime day = time.truncatedTo(ChronoUnit.DAYS);
            if (unit == ChronoUnit.MONTHS) {
                return day.withDayOfMonth(1).withMonth((time.getMonthValue() - 1) / count * count + 1);
            }
            if (unit == ChronoUnit.WEEKS) {
                LocalDateTime monday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                long weeks = Math.floorDiv(monday.toLocalDate().toEpochDay(), 7L);
                return monday.minusWeeks(Math.floorMod(weeks, (long) count));
            }
            if (unit == ChronoUnit.DAYS) {
                return day.minusDays(Math.floorMod(day.toLocalDate().toEpochDay(), (long) count));
            }
            long sinceMidnight = unit.between(day, time);
            return day.plus(sinceMidnight / count * count, unit);
        }

        LocalDateTime next(LocalDateTime time) {
            return time.plus(count, unit);
        }

        String label(LocalDateTime time) {
            if (unit == ChronoUnit.YEARS) return Integer.toString(time.getYear());
            if (unit == ChronoUnit.MONTHS) return pattern("MMM").format(time);
            if (unit == ChronoUnit.WEEKS || unit == ChronoUnit.DAYS) return pattern("d MMM").format(time);
            if (unit == ChronoUnit.HOURS || unit == ChronoUnit.MINUTES) return pattern("HH:mm").format(time);
            return pattern(unit == ChronoUnit.SECONDS ? "HH:mm:ss" : "ss.SSS").format(time);
        }

        String context(LocalDateTime time) {
            if (unit == ChronoUnit.YEARS) return "";
            if (unit == ChronoUnit.MONTHS || unit == ChronoUnit.WEEKS || unit == ChronoUnit.DAYS) {
                return Integer.toString(time.getYear());
            }
            return unit == ChronoUnit.MILLIS ? pattern("d MMM uuuu HH:mm").format(time) : DATE.format(time);
        }
    }
}
