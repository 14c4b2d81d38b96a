package org.ttm4j.eval.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
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
 * An axis of a panel.
 *
 * @param min the value at its beginning
 * @param max the value at its end
 */
public record Axis(double min, double max, Kind kind) {
    private static final double MARGIN = 0.06;

    /** The labels beside the ticks. */
    public enum Kind {
        /** Values such as {@code 0.25}, {@code 20,000} or {@code 7.5 million}. */
        VALUES,
        /** Shares as percentages. */
        PERCENT,
        /** Whole numbers as they are, without units and commas: numbers of steps, of rows or of years. */
        COUNTS,
        /** Milliseconds since 1970-01-01 00:00 as clock times and dates. */
        DATES
    }

    /**
     * A tick.
     *
     * @param at its value
     * @param label such as {@code 06:00}, {@code 5 Mar} or {@code 0.25}
     * @param context the larger unit, such as {@code 5 Mar 2024} or {@code 2024}; empty where there is none or where it is that
     *     of the tick before
     */
    public record Tick(double at, String label, String context) {}

    /** An axis whose ends are the same gets a length of 1. */
    public Axis {
        if (max <= min) max = min + 1;
    }

    /** An axis of values, with a little room around them; they may all be the same. */
    public static Axis around(double low, double high) {
        double spread = high - low;
        double size = Math.max(Math.abs(low), Math.abs(high));
        if (spread <= size * 1e-6) spread = size == 0 ? 2 : size * 0.2;
        double middle = low / 2 + high / 2;
        return new Axis(Math.min(low, middle - spread / 2) - MARGIN * spread,
                Math.max(high, middle + spread / 2) + MARGIN * spread, Kind.VALUES);
    }

    /** Round ticks between the ends: at most so many dates, about so many others. */
    public List<Tick> ticks(int count) {
        return kind == Kind.DATES ? DateTicks.along(this, count) : NumberTicks.along(this, count);
    }

    /** The position of a value: 0 at the beginning and 1 at the end, also of what lies beyond; NaN of NaN. */
    public double share(double value) {
        return Math.max(0, Math.min(1, (value - min) / (max - min)));
    }

    /**
     * Ticks at multiples of 1, 2 or 5 times a power of ten, with as many decimals as this step has. They are counted in
     * decimal numbers, so that no label shows a rounding error.
     */
    private static final class NumberTicks {
        private static final int[] MULTIPLES = {1, 2, 5, 10};
        /** The names of 1000², 1000³ and so on. */
        private static final List<String> UNITS = List.of("", "", " million", " billion", " trillion");
        /** Steps that need more decimals of a unit than this are written without the unit. */
        private static final int MOST_DECIMALS_OF_UNIT = 2;
        /** Labels with more decimals than this have an exponent. */
        private static final int MOST_DECIMALS = 6;
        /** The least number that has commas. */
        private static final int LEAST_WITH_COMMAS = 10_000;
        /** Labels of counts from here on need the room of two. */
        private static final double LEAST_LONG = 1e6;
        /** The factor by which a step may be smaller than requested, so that the nearest round step is chosen. */
        private static final double NEAREST = 1.4;

        private NumberTicks() {}

        static List<Tick> along(Axis axis, int count) {
            boolean whole = axis.kind() == Kind.COUNTS;
            int fitting = whole && axis.max() >= LEAST_LONG ? count / 2 : count;
            double distance = (axis.max() - axis.min()) / fitting / NEAREST;
            BigDecimal step = step(whole ? Math.max(1, distance) : distance);
            double width = step.doubleValue();
            double largest = width * Math.floor(Math.max(-axis.min(), axis.max()) / width);
            List<Tick> ticks = new ArrayList<>();
            for (long k = (long) Math.ceil(axis.min() / width); k * width <= axis.max(); k++) {
                BigDecimal value = step.multiply(BigDecimal.valueOf(k));
                String label = switch (axis.kind()) {
                    case PERCENT -> decimals(value.movePointRight(2), step.scale() - 2) + " %";
                    case VALUES -> label(value, step, largest);
                    default -> decimals(value, 0);
                };
                ticks.add(new Tick(value.doubleValue(), label, ""));
            }
            return ticks;
        }

        private static BigDecimal step(double least) {
            int power = (int) Math.floor(Math.log10(least));
            int i = 0;
            while (i < MULTIPLES.length - 1 && MULTIPLES[i] * Math.pow(10, power) < least) i++;
            return BigDecimal.valueOf(MULTIPLES[i]).scaleByPowerOfTen(power).stripTrailingZeros();
        }

        private static String label(BigDecimal value, BigDecimal step, double largest) {
            if (value.signum() == 0) return "0";
            int thousands = Math.max(0, (int) (Math.log10(largest) / 3));
            if (thousands >= UNITS.size() || step.scale() > MOST_DECIMALS) {
                int exponent = value.precision() - value.scale() - 1;
                return value.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
            }
            int decimalsOfUnit = step.scale() + 3 * thousands;
            if (thousands >= 2 && decimalsOfUnit <= MOST_DECIMALS_OF_UNIT) {
                return decimals(value.movePointLeft(3 * thousands), decimalsOfUnit) + UNITS.get(thousands);
            }
            String digits = decimals(value, step.scale());
            return largest < LEAST_WITH_COMMAS
                    ? digits
                    : digits.replaceAll("(?<!\\.\\d{0,9})\\B(?=(\\d{3})+($|\\.))", ",");
        }

        private static String decimals(BigDecimal value, int decimals) {
            return value.setScale(Math.max(0, decimals), RoundingMode.UNNECESSARY).toPlainString();
        }
    }

    /**
     * The dates along a time axis: round clock times, days, Mondays, months or years, in the finest unit that fits.
     * Each tick has a short label. The larger unit (the date of an hour, the year of a day) stands below the label where
     * it changes.
     */
    private static final class DateTicks {
        /** 1970-01-05 was a Monday. */
        private static final long MONDAY = 4 * ChronoUnit.DAYS.getDuration().toMillis();

        /**
         * The units of ticks with the patterns of a label and of what stands below it, and how many units may lie
         * between two.
         */
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

        static List<Tick> along(Axis axis, int most) {
            for (Unit unit : Unit.values()) {
                for (int count : unit.counts) {
                    if ((axis.max() - axis.min()) / unit.millis() / count > most + 1) continue;
                    List<Tick> ticks = ticks(axis, unit, count);
                    if (ticks.size() <= most) return ticks;
                }
            }
            return List.of();
        }

        private static List<Tick> ticks(Axis axis, Unit unit, int count) {
            List<Tick> ticks = new ArrayList<>();
            DateTimeFormatter label = DateTimeFormatter.ofPattern(unit.label, Locale.ENGLISH);
            DateTimeFormatter context = DateTimeFormatter.ofPattern(unit.context, Locale.ENGLISH);
            String last = "";
            long time = next((long) axis.min() - 1, unit, count);
            for (; time <= axis.max(); time = next(time, unit, count)) {
                LocalDateTime local = TimeAxis.local(time);
                String larger = context.format(local);
                ticks.add(new Tick(time, label.format(local), larger.equals(last) ? "" : larger));
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
}
