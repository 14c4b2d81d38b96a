package org.ttm4j.data.time;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.text.Growable;

/** Reads the times of one column in one way of writing them. Not thread-safe. */
abstract class TimeReader {
    /** The pattern, as of a {@link TimeFormat}, without the decimals of a number. */
    String pattern;
    /** The time of the cell last read, in milliseconds since 1970-01-01 00:00. */
    long millis;
    /** The times of a column that were kept. */
    final Growable.Longs times = new Growable.Longs();

    TimeReader(String pattern) {
        this.pattern = pattern;
    }

    /** Whether times are plain numbers. */
    abstract boolean isNumber();

    /** Reads a cell. False when it is not a time of the pattern, or is written differently from the cells before it. */
    abstract boolean read(String cell);

    /**
     * The format in which the cells that were kept are written.
     *
     * @param expected that of the history which they continue; null without
     * @param stated the zone in which the caller wants times; null without
     */
    abstract TimeFormat format(TimeFormat expected, ZoneId stated);

    /** A unit of counts: its pattern, the fewest and most digits before the point, the longest text, the decimals that are kept. */
    record Unit(String pattern, int fewest, int most, int longest, int decimals) {
        private static final Unit MILLIS = new Unit(TimeFormat.EPOCH_MILLIS, 12, 13, 40, 3);
        static final Unit ROWS = new Unit(TimeFormat.NUMBERS, 1, 15, 16, 0);
        static final Unit EXCEL_DAYS = new Unit(TimeFormat.EXCEL_DAYS, 5, 5, 15, 15); // from 1927 to 2173
        /** Those that are recognised without a stated format. Epochs have these digits in our years, and one less until 2001. */
        static final List<Unit> USUAL = List.of(new Unit(TimeFormat.EPOCH_SECONDS, 9, 10, 40, 3), MILLIS,
                new Unit(TimeFormat.EPOCH_MICROS, 15, 16, 40, 3), new Unit(TimeFormat.EPOCH_NANOS, 18, 19, 40, 3),
                ROWS);
    }

    /** Reads times that are counted: units since 1970, days of Excel, and the numbers of rows. */
    static final class Counting extends TimeReader {
        private static final int EXCEL_DAY_OF_1970 = 25_569;

        private final Unit unit;
        private int decimals;

        Counting(Unit unit) {
            super(unit.pattern);
            this.unit = unit;
        }

        @Override
        boolean isNumber() {
            return true;
        }

        @Override
        TimeFormat format(TimeFormat expected, ZoneId stated) {
            return TimeFormat.counting(pattern, decimals);
        }

        /** The seconds since 1970, to the nearest one. */
        private static long secondsOfExcel(double days) {
            return Math.round((days - EXCEL_DAY_OF_1970) * FrequencyFinder.DAY / 1000);
        }

        /** Reads whole numbers, and decimals of times because some programs write every number with them. */
        @Override
        boolean read(String cell) {
            int sign = cell.startsWith("-") && unit != Unit.EXCEL_DAYS ? 1 : 0;
            int point = unit.decimals == 0 ? -1 : cell.indexOf('.');
            int end = point < 0 ? cell.length() : point;
            boolean plausible = end - sign >= unit.fewest && end - sign <= unit.most && cell.length() <= unit.longest;
            if (!plausible || point == cell.length() - 1) return false;
            for (int i = sign; i < cell.length(); i++) {
                if (i != point && (cell.charAt(i) < '0' || cell.charAt(i) > '9')) return false;
            }
            if (unit == Unit.ROWS) millis = Long.parseLong(cell);
            else if (unit == Unit.EXCEL_DAYS) millis = secondsOfExcel(Double.parseDouble(cell)) * 1000;
            else millis = new BigDecimal(cell).scaleByPowerOfTen(Unit.MILLIS.most - unit.most).longValue();
            decimals = Math.max(decimals, point < 0 ? 0 : Math.min(unit.decimals, cell.length() - end - 1));
            return true;
        }
    }
}
