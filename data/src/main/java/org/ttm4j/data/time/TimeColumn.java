package org.ttm4j.data.time;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.text.DecoratedNumber;
import org.ttm4j.data.text.Growable;
import org.ttm4j.data.text.NumberParser;

/**
 * The times of a file. All layouts that the cells allow are read side by side until a cell rules them out, so that any
 * later {@code 13/4/2020} decides how {@code 3/4/2020} is read.
 */
public final class TimeColumn {
    /** After this many cells that are digits of a date and a time of day, the column cannot be an epoch. */
    private static final int SETTLED = 3;
    /** After this many cells, patterns that give the same times are not read any longer. */
    private static final int MANY = 100;

    private final String file;
    private final String name;
    private final List<Reading> readings;
    private final boolean patternsOpen;
    private String firstCell;
    private long firstLine;

    /** @param format the pattern in which all times are written; null to find the layout */
    public TimeColumn(String file, String name, String format) {
        this.file = file;
        this.name = name;
        readings = readings(parsers(format));
        patternsOpen = format == null;
    }

    /** A column of whole numbers that count the rows. */
    public static TimeColumn ofNumbers(String file, String name) {
        TimeColumn column = new TimeColumn(file, name, null);
        column.readings.removeIf(reading -> reading.parser.layout() != TimeLayout.NUMBERS);
        return column;
    }

    private static List<Reading> readings(List<TimeParser> parsers) {
        List<Reading> readings = new ArrayList<>();
        for (TimeParser parser : parsers) readings.add(new Reading(parser, new Growable.Longs()));
        return readings;
    }

    private static List<TimeParser> parsers(String format) {
        if (format != null) return TimePatterns.stated(format);
        List<TimeParser> parsers = new ArrayList<>();
        for (TimeLayout layout : TimeLayout.values()) {
            boolean found = layout != TimeLayout.PATTERN && layout != TimeLayout.EXCEL_DAYS;
            if (found) parsers.add(new LayoutParser(layout));
        }
        return parsers;
    }

    /** Whether all cells can be times of one layout; dates and epochs without separators only when they are allowed. */
    public static boolean accepts(List<String> cells, boolean numbersAllowed) {
        return accepts(cells, numbersAllowed, null);
    }

    /** The same with the pattern in which all times are written; null when it is not known. */
    public static boolean accepts(List<String> cells, boolean numbersAllowed, String format) {
        if (cells.isEmpty()) return false;
        for (TimeParser parser : parsers(format)) {
            boolean allowed = format != null
                    || (parser.layout() != TimeLayout.NUMBERS && (numbersAllowed || !parser.layout().isNumber()));
            if (allowed && cells.stream().allMatch(parser::read)) return true;
        }
        return format == null && patterns(cells.get(0)).anyMatch(parser -> cells.stream().allMatch(parser::read));
    }

    /** The parsers for what is neither a number nor a word, which are loaded only then. */
    private static Stream<TimeParser> patterns(String cell) {
        boolean word = cell.chars().noneMatch(c -> c >= '0' && c <= '9');
        DecoratedNumber number = word ? null : DecoratedNumber.of(cell);
        // 1.2.20 and 2020 1 have the signs of a number, but not its groups.
        boolean plain = number != null && number.unit().isEmpty()
                && (number.plain('.') != null || number.plain(',') != null);
        return word || plain ? Stream.of() : TimePatterns.of(cell);
    }

    public void add(String cell, long line) throws DataException {
        if (NumberParser.isMissing(cell)) {
            throw new DataException(file, line, name, "expected a time, found a missing cell");
        }
        List<Reading> left = new ArrayList<>();
        for (Reading reading : readings) if (reading.parser.read(cell)) left.add(reading);
        if (firstCell == null && patternsOpen && left.isEmpty()) left = readings(patterns(cell).toList());
        if (left.isEmpty()) {
            String expected = firstCell == null
                    ? "expected a time such as 2024-01-31, 2024-01-31 13:00, 31.1.2024 or 1706706000"
                    : "expected a time written as " + Printable.quoted(firstCell) + " in line " + firstLine;
            String remedy = firstCell == null
                    ? ""
                    : "; leave out rows without a time, such as totals, and write one table in a file";
            throw new DataException(file, line, name, expected + ", found " + Printable.quoted(cell) + remedy
                    + "; --date-format says how times are written");
        }
        for (Reading reading : left) reading.times.add(reading.parser.millis());
        Reading first = left.get(0);
        int rows = first.times.size();
        if (rows == SETTLED && left.stream().anyMatch(reading -> reading.parser.layout().isCompactTime())) {
            left.removeIf(reading -> reading.parser.layout().isEpoch());
        }
        if (rows == SETTLED) {
            left.removeIf(reading -> reading.parser.layout() == TimeLayout.NUMBERS && reading != first);
        }
        if (rows == MANY) {
            left.removeIf(reading -> reading != first && reading.parser.layout() == TimeLayout.PATTERN
                    && reading.times.sameAs(first.times));
        }
        if (left.size() < readings.size() || firstCell == null) {
            readings.clear();
            readings.addAll(left);
        }
        if (firstCell == null) {
            firstCell = cell;
            firstLine = line;
        }
    }

    /** The number of layouts that no cell has ruled out. */
    public int readings() {
        return readings.size();
    }

    /**
     * The layout that is left. Digits that can be a date or an epoch are read as a date. Where day and month can be
     * exchanged, the times are read so that they are regular.
     *
     * @param expected the format of the history that the file continues, which decides where several layouts are left;
     *     null when the file stands alone
     */
    public Reading resolve(TimeFormat expected) throws DataException {
        for (Reading reading : readings) {
            if (expected != null && reading.continues(expected)) return checked(reading, expected);
        }
        Reading first = readings.get(0);
        List<Reading> others = readings.stream()
                .filter(other -> !other.parser.layout().isNumber() && !other.times.sameAs(first.times))
                .toList();
        if (others.isEmpty()) return checked(first, expected);
        List<Reading> regular = readings.stream()
                .filter(other -> !other.parser.layout().isNumber() && FrequencyFinder.isRegular(other.times))
                .toList();
        if (!regular.isEmpty() && regular.stream().allMatch(one -> one.times.sameAs(regular.get(0).times))) {
            return checked(regular.get(0), expected);
        }
        throw new DataException(file, firstLine, name,
                "day and month cannot be distinguished: " + Printable.quoted(firstCell)
                        + " and all other times can be read both ways; write them as YYYY-MM-DD, or "
                        + "say how they are written, as in --date-format dd/MM/yyyy");
    }

    private Reading checked(Reading reading, TimeFormat expected) throws DataException {
        if (expected != null && !expected.isComparable(reading.format())) {
            throw new DataException(file, firstLine, name,
                    "expected a time " + (expected.isAbsolute() ? "with" : "without")
                            + " an offset from UTC as in the history, found " + Printable.quoted(firstCell));
        }
        return reading;
    }

    /** The column as read in one layout. */
    public record Reading(TimeParser parser, Growable.Longs times) {
        public TimeFormat format() {
            return parser.format();
        }

        private boolean continues(TimeFormat expected) {
            // Whether days end at 24:00 is not seen in every file.
            return parser.layout() == TimeLayout.PATTERN
                    ? parser.format().pattern().replace('k', 'H').equals(expected.pattern().replace('k', 'H'))
                    : parser.layout() == TimeLayout.of(expected);
        }
    }
}
