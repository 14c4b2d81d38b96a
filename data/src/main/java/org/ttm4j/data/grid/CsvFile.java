package org.ttm4j.data.grid;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.Dialect;

/**
 * The series of a file. Immutable, except that the arrays of the series are shared.
 *
 * @param series the series, in the order in which their ids first occur; only a known future can have none
 * @param layout the form of the file, which an answer can take up
 * @param staticTexts by the id of a series, the text of each {@linkplain CsvOptions#staticColumns static column}; null where
 *     all its cells are missing; empty without such columns
 * @param report the repairs that reading needed
 * @param rejected one reason for each series of a file with an id column that could not be read
 */
public record CsvFile(List<TimeSeries> series, Layout layout, Map<String, List<String>> staticTexts,
        RepairReport report, List<DataException> rejected) {
    /** Copies the lists. */
    public CsvFile {
        series = List.copyOf(series);
        Map<String, List<String>> texts = new HashMap<>(); // a series without an id and a missing text are null
        staticTexts.forEach((id, cells) -> texts.put(id, Collections.unmodifiableList(new ArrayList<>(cells))));
        staticTexts = Collections.unmodifiableMap(texts);
        rejected = List.copyOf(rejected);
    }

    /**
     * The text of each static column for a series; null where all its cells are missing.
     *
     * @throws IllegalArgumentException when the file has no row of the series, or was read without static columns
     */
    public List<String> staticTexts(TimeSeries of) {
        List<String> texts = staticTexts.get(of.id());
        if (texts != null) return texts;
        throw new IllegalArgumentException(
                "the file has no row" + (of.id() == null ? "" : " of series " + Printable.quoted(of.id())));
    }

    /** The same file with other series. */
    public CsvFile withSeries(List<TimeSeries> others) {
        return new CsvFile(others, layout, staticTexts, report, rejected);
    }

    /** The same file without the steps at the end at which no series has a value, as in a template: these are to be forecast. */
    public CsvFile withoutEmptyEnd() {
        OptionalLong last = series.stream()
                .filter(one -> one.observed() > 0)
                .mapToLong(one -> one.axis().timeAt(one.observed() - 1))
                .max();
        if (last.isEmpty()) return this;
        return withSeries(series.stream().map(one -> {
            long end = one.axis().nearestIndex(last.getAsLong()) + 1;
            return end < 1 || end >= one.length() ? one : one.slice(0, (int) end);
        }).toList());
    }

    /** The same file, to be answered in another form. */
    public CsvFile as(Form form) {
        if (form == layout.form) return this;
        return new CsvFile(series, new Layout(layout.time, layout.joints, layout.range, layout.id, layout.columns,
                Dialect.COMMA, form, Set.of()), staticTexts, report, rejected);
    }

    /** The options for another table with the same columns, with the id column that this one showed. */
    public CsvOptions options(CsvOptions stated) {
        return layout.id() == null ? stated : stated.withId(layout.id());
    }

    /**
     * The form of a file.
     *
     * @param time the name of the time column, or the names of several joined by {@code +}
     * @param joints what stands between the cells of several columns in a time: as {@code "-"}, {@code " "} and {@code ":"} in
     *     2024-01-31 13:00, {@code " W"} before a week, or {@link #HALF_HOUR}
     * @param range what stands between the beginning of a step and that of the next in its time; null where times have no
     *     end, or another
     * @param id the name of the id column, or those of several between commas, as in the ids of series; null without
     * @param columns the names of all columns, in their order
     * @param dialect how the table is written
     * @param form what kind of file it is
     * @param texts the columns of JSON lines that hold texts, not numbers
     */
    public record Layout(String time, List<String> joints, String range, String id, List<String> columns,
            Dialect dialect, Form form, Set<String> texts) {
        /** Joins a date and the number of its half hour, 1 to 48; in the time that is read, a blank and its clock time stand there. */
        public static final String HALF_HOUR = "+30";

        /** Copies the lists. */
        public Layout {
            joints = List.copyOf(joints);
            columns = List.copyOf(columns);
            texts = Set.copyOf(texts);
        }

        /** Throws DataException where the file has no such column; the message names those that it has. */
        public void require(String file, String column) throws DataException {
            ColumnLayout.find(file, columns, column);
        }

        /** The names of the id columns; none without. */
        public List<String> ids() {
            return id == null ? List.of() : ColumnLayout.names(id, columns);
        }

        /** The cells of the id columns for a series. */
        public List<String> idCells(TimeSeries series) {
            if (id == null) return List.of();
            return columns.contains(id) ? List.of(series.id()) : ColumnLayout.splitId(series.id());
        }
    }

    /** The kinds of files. */
    public enum Form {
        /** A text with delimiters. */
        DELIMITED,
        /** An object in each line. */
        JSON_LINES,
        /** An Excel workbook. */
        WORKBOOK
    }
}
