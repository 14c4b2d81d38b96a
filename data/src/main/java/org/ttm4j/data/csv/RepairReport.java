package org.ttm4j.data.csv;

import java.util.List;
import java.util.stream.Stream;

/**
 * What {@link CsvReader} had to repair in a file, over all of its series. Immutable.
 *
 * @param repairs one entry for each kind that occurred, in the order of {@link Kind}
 */
public record RepairReport(List<Repair> repairs) {

    /** The kinds of repair, with the words that follow the count. */
    public enum Kind {
        /** Columns that hold no number, left out since no targets were named. */
        COLUMNS_IGNORED("column without numbers ignored", "columns without numbers ignored"),
        /** Rows whose cells are all empty, skipped. */
        ROWS_BLANK("blank row skipped", "blank rows skipped"),
        /** Rows that came after a later time, moved to their place. */
        ROWS_SORTED("row out of order, sorted", "rows out of order, sorted"),
        /** Rows of a known future whose time lies between the steps of the history, left out. */
        ROWS_BETWEEN_STEPS("row between the steps of the history ignored",
                "rows between the steps of the history ignored"),
        /** Rows nearest to a step another row already has: of each cell, the last value stays. */
        ROWS_MERGED("row with a repeated time, the last value kept", "rows with repeated times, the last values kept"),
        /** Rows whose time is off the grid, moved to the nearest step. */
        TIMES_SNAPPED("time off the grid, moved to the nearest step", "times off the grid, moved to the nearest step"),
        /** Steps of the grid that have no row, filled in as missing. */
        STEPS_INSERTED("step without a row, filled in as missing", "steps without a row, filled in as missing"),
        /** Empty cells and cells such as NA in the rows read. */
        CELLS_MISSING("missing cell", "missing cells");

        private final String singular;
        private final String plural;

        Kind(String singular, String plural) {
            this.singular = singular;
            this.plural = plural;
        }
    }

    /**
     * One kind of repair.
     *
     * @param kind the kind
     * @param count how often
     * @param detail the extreme case, such as the longest gap, or an empty string
     * @param examples the first few places
     */
    public record Repair(Kind kind, long count, String detail, List<String> examples) {
        /** The repair in one line. */
        @Override
        public String toString() {
            return count + " " + (count == 1 ? kind.singular : kind.plural)
                    + (detail.isEmpty() ? "" : " (" + detail + ")")
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

    /** How often a kind of repair was made. */
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
}
