package org.ttm4j.data.time;

import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.text.Growable;
import org.ttm4j.data.text.NumberParser;

/**
 * The times of a file. All patterns that the cells allow are read side by side until a cell rules them out, so that any
 * later {@code 13/4/2020} decides how {@code 3/4/2020} is read.
 */
public final class TimeColumn {
    /** After this many cells that are digits of a date and a time of day, the column cannot be an epoch. */
    private static final int SETTLED = 3;
    /** After this many cells, patterns of one order that give the same times are not read any longer. */
    private static final int MANY = 100;

    /** The most digits of a date without separators; with a time of day there are more, as in an epoch. */
    private static final int DIGITS_OF_DATE = 8;
    private static final int MONTHS = 12;
    private static final Pattern WEEKDAY = Pattern.compile(" ?[(（][月火水木金土日월화수목금토일][)）]$");

    private final String file;
    private final String name;
    private final String format; // null to find it
    private List<TimeReader> readers;
    private String firstCell;
    private long firstLine;

    /** @param format the pattern in which all times are written; null to find it */
    public TimeColumn(String file, String name, String format) {
        this.file = file;
        this.name = name;
        this.format = format;
        readers = format == null ? List.of() : List.of(TimePatterns.stated(plain(format)));
    }

    /** Whether all cells can be times of one pattern; dates and epochs without separators only when they are allowed. */
    public static boolean accepts(List<String> cells, boolean numbersAllowed) {
        return accepts(cells, numbersAllowed, null);
    }

    /** The same with the pattern in which all times are written; null when it is not known. */
    public static boolean accepts(List<String> cells, boolean numbersAllowed, String format) {
        if (cells.isEmpty()) return false;
        Stream<? extends TimeReader> readers = format != null
                ? Stream.of(TimePatterns.stated(plain(format)))
                : TimePatterns.of(plain(cells.get(0)))
                        .filter(reader -> !isRowNumber(reader) && (numbersAllowed || !reader.isNumber()));
        return readers.anyMatch(reader -> cells.stream().allMatch(cell -> reader.read(plain(cell))));
    }

    /**
     * With usual blanks, not those that lines are not broken at, which stand before AM and PM, and without a day of the week as
     * Japan and Korea write it behind a date.
     */
    private static String plain(String cell) {
        String plain = cell.replace('\u202f', ' ').replace('\u00a0', ' ');
        boolean mayHaveDay = plain.endsWith(")") || plain.endsWith("\uff09");
        return mayHaveDay ? WEEKDAY.matcher(plain).replaceFirst("") : plain;
    }

    /** The times of cells that all count days of Excel or, otherwise, whole numbers; none where a cell does not. */
    public static long[] counted(List<String> cells, boolean excelDays) {
        TimeReader reader = new TimeReader.Counting(excelDays ? TimeReader.Unit.EXCEL_DAYS : TimeReader.Unit.ROWS);
        long[] times = cells.stream().filter(reader::read).mapToLong(cell -> reader.millis).toArray();
        return times.length == cells.size() ? times : new long[0];
    }

    /** Whether a cell is a time as the first one is, or a number where those so far can count the rows. */
    public boolean continues(String cell) {
        if (firstCell == null) return false;
        return accepts(List.of(firstCell, cell), true, format)
                || readers.stream().anyMatch(reader -> isRowNumber(reader) && reader.read(plain(cell)));
    }

    private static boolean isRowNumber(TimeReader reader) {
        return reader.pattern.equals(TimeFormat.NUMBERS);
    }

    public void add(String cell, long line) throws DataException {
        if (NumberParser.isMissing(cell)) {
            throw new DataException(file, line, name, "expected a time, found a missing cell");
        }
        List<TimeReader> left = new ArrayList<>();
        String plain = plain(cell);
        for (TimeReader reader : readers) if (reader.read(plain)) left.add(reader);
        if (readers.isEmpty()) TimePatterns.of(plain).forEach(left::add);
        else if (readers.size() > 1 && left.size() == 1 && breaksOff(left.get(0))) left.clear();
        if (left.isEmpty()) {
            String expected = firstCell == null
                    ? "expected a time " + (format != null
                            ? "in the format " + Printable.quoted(format)
                            : "such as 2024-01-31, 2024-01-31 13:00, 31.1.2024 or 1706706000")
                    : "expected a time written as " + Printable.quoted(firstCell) + " in line " + firstLine;
            String remedy = firstCell == null
                    ? ""
                    : "; leave out rows without a time, such as totals, and write one table in a file";
            throw new DataException(file, line, name, expected + ", found " + Printable.quoted(cell) + remedy
                    + "; --date-format says how times are written");
        }
        for (TimeReader reader : left) reader.times.add(reader.millis);
        settle(left);
        readers = left;
        if (firstCell == null) {
            firstCell = cell;
            firstLine = line;
        }
    }

    /** Whether what were months or weeks so far is not continued, by one or by the first step, as row numbers are. */
    private static boolean breaksOff(TimeReader reader) {
        Growable.Longs times = reader.times;
        if (!isRowNumber(reader) || times.size() < SETTLED) return false;
        long step = reader.millis - times.get(times.size() - 1);
        return Math.abs(step) != 1 && step != times.get(1) - times.get(0);
    }

    /** Leaves out patterns that some more rows have made improbable or useless. */
    private static void settle(List<TimeReader> left) {
        TimeReader first = left.get(0);
        long rows = first.times.size();
        if (rows == SETTLED) {
            boolean digits = left.stream()
                    .anyMatch(reader -> reader.isNumber() && !(reader instanceof TimeReader.Counting)
                            && reader.pattern.length() > DIGITS_OF_DATE);
            // Three pairs of consecutive years are not years with months.
            boolean pairs = first.pattern.matches("uuuu\\P{L}+u+");
            // Row numbers may look like weeks until a number that no year has.
            boolean areWeeks = left.stream().anyMatch(reader -> reader.pattern.equals(TimePatterns.DIGITS_OF_WEEK));
            left.removeIf(reader -> reader != first
                    && (pairs || isRowNumber(reader) && !areWeeks || digits && reader instanceof TimeReader.Counting));
        } else if (rows == MANY) {
            // Day and month of the first of January can still be exchanged.
            left.removeIf(reader -> reader != first && reader.times.sameAs(first.times) && !reader.isNumber()
                    && hasOrderOf(first.pattern, reader));
        }
    }

    private static boolean hasOrderOf(String pattern, TimeReader reader) {
        return TimePatterns.order(pattern).equals(TimePatterns.order(reader.pattern));
    }

    /** The number of patterns that no cell has ruled out. */
    public int readings() {
        return readers.size();
    }

    /** The times by each pattern that no cell has ruled out. */
    public List<long[]> possible() {
        return readers.stream().map(reader -> reader.times.stream().toArray()).toList();
    }

    /**
     * The column as read by one pattern.
     *
     * @param format the format in which the cells are written
     */
    public record Reading(Growable.Longs times, TimeFormat format) {}

    /**
     * The pattern that is left. Digits that can be a date or an epoch are read as a date. Where day and month can be
     * exchanged, the times are read so that they are regular.
     *
     * @param expected the format of the history that the file continues, which decides where several patterns are left;
     *     null when the file stands alone
     * @param zone that of times without an offset; null for none
     */
    public Reading resolve(TimeFormat expected, ZoneId zone) throws DataException {
        TimeReader reader = resolve(expected);
        if (areDaysOfMonths(reader)) {
            throw new DataException(file, firstLine, name,
                    "found days without a year, such as " + Printable.quoted(firstCell) + "; write the year too");
        }
        TimeFormat format = reader.format(expected, zone);
        if (expected != null && !expected.isComparable(zone == null ? format : format.in(zone))) {
            throw new DataException(file, firstLine, name,
                    "expected a time " + (expected.isAbsolute() ? "with" : "without")
                            + " an offset from UTC as in the history, found " + Printable.quoted(firstCell));
        }
        return new Reading(reader.times, format);
    }

    private TimeReader resolve(TimeFormat expected) throws DataException {
        for (TimeReader reader : readers) {
            boolean continues = expected != null && (reader instanceof TimeReader.Counting
                    ? expected.pattern().startsWith(reader.pattern)
                    : hasOrderOf(expected.pattern(), reader));
            if (continues) return reader;
        }
        TimeReader first = readers.get(0);
        boolean areMonths = format == null && first.pattern.equals(TimePatterns.DIGITS_OF_WEEK)
                && first.times.stream()
                        .mapToObj(TimeAxis::local)
                        .allMatch(week -> week.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR) <= MONTHS + 1);
        if (areMonths) {
            throw new DataException(file, firstLine, name,
                    "expected months such as " + Printable.quoted(firstCell) + " or weeks, found " + (MONTHS + 1)
                            + " and no more; leave out rows of years, or say how times are"
                            + " written (--date-format)");
        }
        // From 2010:1 to 2010:4, where months would leave gaps, or from 2010KW01 to 2010KW04 and 2011KW01, where there are no
        // other weeks.
        for (TimeReader other : readers) {
            if (isQuarter(first) || !isQuarter(other) || FrequencyFinder.isRegular(first.times)) continue;
            if (first.pattern.indexOf('Y') >= 0 && isOfYears(other.times) || FrequencyFinder.isRegular(other.times)) {
                return other;
            }
        }
        List<TimeReader> dates = readers.stream()
                .filter(other -> !other.isNumber() && (isQuarter(first) || !isQuarter(other)))
                .toList();
        if (dates.stream().allMatch(other -> other.times.sameAs(first.times))) return first;
        List<TimeReader> regular = dates.stream().filter(other -> FrequencyFinder.isRegular(other.times)).toList();
        // The days of 05-Jan-24 could be years, which go back with each month.
        long fewest = regular.stream().mapToLong(one -> falls(one.times)).min().orElse(0);
        List<TimeReader> best = regular.stream().filter(one -> falls(one.times) == fewest).toList();
        if (!best.isEmpty() && best.stream().allMatch(one -> one.times.sameAs(best.get(0).times))) return best.get(0);
        throw new DataException(file, firstLine, name,
                "day and month cannot be distinguished: " + Printable.quoted(firstCell)
                        + " and all other times can be read both ways; write them as YYYY-MM-DD, or "
                        + "say how they are written, as in --date-format dd/MM/yyyy");
    }

    /** How often times go back, as where the next series begins. */
    private static long falls(Growable.Longs times) {
        return LongStream.of(FrequencyFinder.steps(times.stream().toArray())).filter(step -> step < 0).count();
    }

    private static boolean isQuarter(TimeReader reader) {
        return reader.pattern.indexOf('Q') >= 0;
    }

    private static boolean isOfYears(Growable.Longs times) {
        return times.stream().map(time -> TimeAxis.local(time).getYear()).distinct().count() > 1;
    }

    /** Whether what was read as a month of years of two digits goes day by day from the end of a month to the next one. */
    private static boolean areDaysOfMonths(TimeReader reader) {
        if (!reader.pattern.matches("MMM[^u]+uu|uu[^u]+MMM")) return false;
        YearMonth earlier = null;
        YearMonth before = null;
        for (int i = 0; i < reader.times.size(); i++) {
            YearMonth now = YearMonth.from(TimeAxis.local(reader.times.get(i)));
            boolean isEnd = earlier != null && before.equals(earlier.plusYears(1)) && before.getYear() % 100 >= 28;
            if (isEnd && now.getMonth() == before.getMonth().plus(1) && now.getYear() % 100 == 1) return true;
            earlier = before;
            before = now;
        }
        return false;
    }
}
