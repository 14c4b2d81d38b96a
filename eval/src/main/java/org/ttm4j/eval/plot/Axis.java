package org.ttm4j.eval.plot;

import java.util.List;

/**
 * One direction of a panel.
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

    /** An axis with a little room around values, which may all be the same. */
    public static Axis around(double low, double high, Kind kind) {
        double spread = high - low;
        double size = Math.max(Math.abs(low), Math.abs(high));
        if (spread <= size * 1e-6) spread = size == 0 ? 2 : size * 0.2;
        double middle = low / 2 + high / 2;
        return new Axis(Math.min(low, middle - spread / 2) - MARGIN * spread,
                Math.max(high, middle + spread / 2) + MARGIN * spread, kind);
    }

    /** Round ticks between the ends: at most so many dates, about so many others. */
    public List<Tick> ticks(int count) {
        return kind == Kind.DATES ? DateTicks.along(this, count) : NumberTicks.along(this, count);
    }

    /** The position of a value: 0 at the beginning and 1 at the end, also of what lies beyond; NaN of NaN. */
    public double share(double value) {
        return Math.max(0, Math.min(1, (value - min) / (max - min)));
    }
}
