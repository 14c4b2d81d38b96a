package org.ttm4j.data.grid;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The repairs that {@link CsvReader} made in a file, over all series. Immutable.
 *
 * @param repairs one entry for each kind that occurred, in the order of {@link Kind}
 */
public record RepairReport(List<Repair> repairs) {

    /** The kinds of repair. */
    public enum Kind {
        /** A workbook whose first sheets have no table. */
        SHEET_FOUND("sheet read, the first with a table (--sheet names another)"), //
        ENCODING_ASSUMED("file read as windows-1252, in which its letters make no words (--encoding names another)"), //
        LINES_BEFORE_HEADER("line[s] before the column names skipped"), //
        TABLE_TURNED("table with the times across its columns turned"),
        /** Rows without a number and columns without a time of a turned table, which were left out. */
        TURNED_LEFT_OUT("[row or column|rows and columns] of the turned table left out"), //
        ROWS_OF_UNITS("row[s] of units skipped"),
        /** Names that repeat in one row and are told apart by another. */
        NAMES_JOINED("pair of rows of column names joined"),
        /** Columns of groups, of whose rows only the first has the name. */
        CELLS_FILLED("column[s] with empty cells filled from above"), //
        NAMES_MISSING("file without column names, called column 1, column 2, …"),
        /** A file whose numbers do not show which mark is the decimal one: the usual reading was taken. */
        DECIMAL_MARK_ASSUMED("file whose numbers can be read in two ways (--decimal names the decimal mark)"), //
        TIMES_MISSING("file without times, its rows are numbered (--time names a column, --date-format its form)"), //
        ROWS_AT_END("row[s] after the last time left out"), //
        ROW_NUMBERS("column[s] of row numbers ignored"),
        /** Quantiles and means of an earlier forecast, which were left out because the caller named no targets. */
        FORECASTS("column[s] of an earlier forecast ignored (--target names [it|them])"), //
        SERIES_FOUND("column taken as the id of series, which its texts tell apart (--id names another)"), //
        /** Rows without times beside a text that recurs: they may be those of several series. */
        SERIES_JOINED("column of texts that recur, taken as no ids: all rows are one series (--id names ids)"), //
        ROWS_OF_TEXT("row[s] of text among the values left out"), //
        WHOLE_YEARS("row[s] of whole years or totals among the others left out"), //
        ROWS_SUMMED("row[s] summed by step, as of receipts; --resample says otherwise"), //
        ROWS_AVERAGED("row[s] averaged by step, as of a level; --resample says otherwise"), //
        ROWS_OF_BALANCES("row[s] of a balance, the last of each step kept; --resample says otherwise"),
        /** Rows that were joined into longer steps, as the caller wished. */
        ROWS_RESAMPLED("row[s] resampled"),
        /** The first or last step of sums, where rows begin later, or end earlier, than those of other steps do. */
        STEPS_INCOMPLETE("step[s] of sums, which the rows begin or end within, left out"),
        /** Keys of JSON lines that are in none of the first, which fix the columns. */
        KEYS_LATE("key[s] of JSON that the first rows do not have ignored"),
        /** Columns without any number, which were left out because the caller named no targets. */
        COLUMNS_IGNORED("column[s] without numbers ignored"), //
        ROWS_BLANK("blank row[s] skipped"), //
        ROWS_SORTED("row[s] out of order, sorted"),
        /** Rows of a known future whose time lies between the steps of the history, which were left out. */
        ROWS_BETWEEN_STEPS("row[s] between the steps of the history ignored"),
        /** Rows nearest to a step that another row has already; the last value of each column was kept. */
        ROWS_MERGED("row[s] with [a repeated time, the last value|repeated times, the last values] kept"), //
        TIMES_SNAPPED("time[s] off the grid, moved to the nearest step"),
        /** Steps of the grid at weekdays or hours that never occur, which are left out there and in the forecast. */
        STEPS_CLOSED("step[s] at [a weekday or hour that never occurs|weekdays or hours that never occur] left out;"
                + " --frequency keeps [it|them]"),
        /** Steps of the grid without a row that mean zero, as where nothing was sold. */
        STEPS_ZERO("step[s] without a row taken as 0; --fill missing says otherwise"), //
        /** Steps of a sum whose rows all have an empty cell, as of a credit where all are debits. */
        CELLS_ZERO("sum[s] of empty cells alone taken as 0; --fill missing says otherwise"), //
        STEPS_INSERTED("step[s] without a row, missing unless --fill zero or interpolate is given"),
        /** Columns whose values differ so little for their size that few of their differences are left in double. */
        VALUES_ROUNDED("column[s] of which fifteen digits are kept, too few for [its|their] differences"
                + " (subtract a constant)"),
        /** Numbers such as -9999, far from all others of their series, which were taken as missing. */
        FILL_VALUES("[number that stands for a missing one|numbers that stand for missing ones]"
                + " (--keep-fill-values to keep [it|them])"),
        /** Numbers such as {@code <1}, which were taken as the bound. */
        BOUNDS("[number given by a bound, the bound was|numbers given by bounds, the bounds were] read"),
        /** Numbers such as 1.03 GiB among those in MiB. */
        UNITS_CONVERTED("number[s] converted to the unit of the column"),
        /** Amounts that a column of words such as debit and credit makes negative. */
        SIGNS("amount[s] negative by the word beside [it|them], such as debit or S"),
        /** Numbers with letters of Eurostat behind them, such as p for provisional, or marks of footnotes. */
        FLAGS("number[s] with a flag, such as p for provisional, read without it"),
        /** Cells that are empty or say NA or the like. */
        CELLS_MISSING("missing cell[s]");

        /** What stands in brackets is that of one and that of several repairs, or that of several alone. */
        private final String words;

        Kind(String words) {
            this.words = words;
        }

        private String words(long count) {
            String choice = count == 1 ? "\\[(?:([^|\\]]*)\\|)?[^\\]]*]" : "\\[(?:[^|\\]]*\\|)?([^\\]]*)]";
            return words.replaceAll(choice, "$1");
        }
    }

    /**
     * All repairs of one kind.
     *
     * @param kind the kind
     * @param count the number of repairs
     * @param detail the largest case, such as the longest gap, or an empty string
     * @param examples the first few places
     */
    public record Repair(Kind kind, long count, String detail, List<String> examples) {
        /** The repairs in one line. */
        @Override
        public String toString() {
            return count + " " + kind.words(count) + (detail.isEmpty() ? "" : " (" + detail + ")")
                    + (examples.isEmpty() ? "" : ": " + String.join("; ", examples))
                    + (count > examples.size() && !examples.isEmpty() ? "; …" : "");
        }
    }

    /** Copies the list. */
    public RepairReport {
        repairs = List.copyOf(repairs);
    }

    /** Whether the file needed no repair. */
    public boolean isEmpty() {
        return repairs.isEmpty();
    }

    /** The number of repairs of a kind. */
    public long count(Kind kind) {
        return repairs.stream().filter(repair -> repair.kind() == kind).mapToLong(Repair::count).sum();
    }

    /** One line for each kind of repair, for people to read. */
    public Stream<String> lines() {
        return repairs.stream().map(Repair::toString);
    }

    /** All lines, or {@code nothing to repair}. */
    @Override
    public String toString() {
        return isEmpty() ? "nothing to repair" : String.join(System.lineSeparator(), lines().toList());
    }

    /** Counts the repairs while a file is read. Not thread-safe. */
    static final class Log {
        private static final int EXAMPLES = 3;

        private final Map<Kind, Entry> entries = new EnumMap<>(Kind.class);

        private static final class Entry {
            private long count;
            private long extreme;
            private String detail = "";
            private final List<String> examples = new ArrayList<>();
        }

        /** Counts repairs. The text of the example is made only for the first few; null for no example. */
        void add(Kind kind, long count, Supplier<String> example) {
            Entry entry = entries.computeIfAbsent(kind, k -> new Entry());
            entry.count += count;
            if (example != null && entry.examples.size() < EXAMPLES) entry.examples.add(example.get());
        }

        void addAll(Log other) {
            other.entries.forEach((kind, more) -> {
                add(kind, more.count, null);
                more.examples.forEach(example -> add(kind, 0, () -> example));
            });
        }

        /** Offers a case of a kind, such as a gap. The report names the one with the largest size. */
        void extreme(Kind kind, long size, Supplier<String> detail) {
            Entry entry = entries.computeIfAbsent(kind, k -> new Entry());
            if (size > entry.extreme) {
                entry.extreme = size;
                entry.detail = detail.get();
            }
        }

        RepairReport report() {
            List<Repair> repairs = new ArrayList<>();
            entries.forEach((kind, entry) -> repairs
                    .add(new Repair(kind, entry.count, entry.detail, List.copyOf(entry.examples))));
            return new RepairReport(repairs);
        }
    }
}
