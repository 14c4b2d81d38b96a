package org.ttm4j.eval.plot;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ttm4j.data.series.TimeAxis;

/**
 * The dates along a time axis: round clock times, days, Mondays, months or years, in the finest unit that fits. Each
 * tick has a short label. The larger unit (the date of an hour, the year of a day) stands below the label where it
 * changes.
 */
final class DateTicks {
    /** 1970-01-05 was a Monday. */
    private static final long MONDAY = 4 * ChronoUnit.DAYS.getDuration().toMillis();

    /** The units of ticks with the patterns of a label and of what stands below it, and how many units may lie between two. */
    private enum Unit {
        MILLIS("ss.SSS", "d MMM uuuu HH:mm", 1, 10, 100), //
        SECONDS("HH:mm:ss", "d MMM uuuu", 1, 5, 15, 30), //
        MINUTES("HH:mm", "d MMM uuuu", 1, 5, 15, 30), //
        HOURS("HH:mm", "d MMM uuuu", 1, 3, 6, 12), //
        DAYS("d MMM", "u", 1, 2), //
        WEEKS("d MMM", "u", 1, 2), //
        MONTHS("MMM", "u", 1, 3, 6), //
        YEARS("u", "", 1, 2, 5, 10, 20, 50, 100, 500, 2000);

        private final String label;
        private final String context;
        private final int[] counts;

        Unit(String label, String context, int... counts) {
            this.label = label;
            this.context = context;
            this.counts = counts;
        }

        long millis() {
            return ChronoUnit.valueOf(name()).getDuration().toMillis();
        }
    }

    private DateTicks() {}

    static List<Axis.Tick> along(Axis axis, int most) {
        for (Unit unit : Unit.values()) {
            for (int count : unit.counts) {
                if ((axis.max() - axis.min()) / unit.millis() / count > most + 1) continue;
                List<Axis.Tick> ticks = ticks(axis, unit, count);
                if (ticks.size() <= most) return ticks;
            }
        }
        return List.of();
    }

    private static List<Axis.Tick> ticks(Axis axis, Unit unit, int count) {
        List<Axis.Tick> ticks = new ArrayList<>();
        DateTimeFormatter label = DateTimeFormatter.ofPattern(unit.label, Locale.ENGLISH);
        DateTimeFormatter context = DateTimeFormatter.ofPattern(unit.context, Locale.ENGLISH);
        String last = "";
        long time = next((long) axis.min() - 1, unit, count);
        for (; time <= axis.max(); time = next(time, unit, count)) {
            LocalDateTime local = TimeAxis.local(time);
            String larger = context.format(local);
            ticks.add(new Axis.Tick(time, label.format(local), larger.equals(last) ? "" : larger));
            last = larger;
        }
        return ticks;
    }

    /** The first round time after another. */
    private static long next(long time, Unit unit, int count) {
        if (unit == Unit.MONTHS || unit == Unit.YEARS) {
            int months = unit == Unit.YEARS ? 12 * count : count;
            LocalDateTime local = TimeAxis.local(time);
            long since = Math.floorMod(local.getLong(ChronoField.PROLEPTIC_MONTH), months);
            LocalDateTime month = local.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).plusMonths(months - since);
            return month.toInstant(ZoneOffset.UTC).toEpochMilli();
        }
        long step = count * unit.millis();
        long offset = unit == Unit.WEEKS ? MONDAY : 0;
        return (Math.floorDiv(time - offset, step) + 1) * step + offset;
    }
}
