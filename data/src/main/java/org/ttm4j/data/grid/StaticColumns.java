package org.ttm4j.data.grid;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ttm4j.data.grid.RepairReport.RepairLog;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.NumberParser;
import org.ttm4j.data.text.Row;

/**
 * Columns of a CSV that hold one text for a whole series, such as a region or a product group. Immutable and
 * thread-safe.
 *
 * <pre>{@code
 * StaticColumns stores = StaticColumns.read(file, "store", List.of("region"));
 * stores.of("store 7"); // ["north"]
 * }</pre>
 */
public final class StaticColumns {
    private final Map<String, String[]> texts;

    private StaticColumns(Map<String, String[]> texts) {
        this.texts = texts;
    }

    /**
     * Reads a file as {@link CsvReader} does. A missing cell has the text of the other rows of the series.
     *
     * @param options the id column and the form of the file
     * @param columns the columns to read
     * @throws DataException when a series has a second text, or the file lacks a column; the message names line and
     *     column
     * @throws IOException when the file cannot be opened or read
     */
    public static StaticColumns read(Path path, CsvOptions options, List<String> columns) throws IOException {
        String file = path.toString();
        try (InputStream in = Files.newInputStream(path);
                Table source = new Table(in, file, options, CsvLimits.ofThisMachine(), new RepairLog())) {
            int[] ids = ColumnLayout.ids(file, source.header(), options);
            int[] indices = new int[columns.size()];
            for (int i = 0; i < indices.length; i++) {
                indices[i] = ColumnLayout.find(file, source.header(), columns.get(i));
            }
            Map<String, String[]> texts = new HashMap<>();
            for (Row row = source.next(); row != null; row = source.next()) {
                // CsvReader leaves such rows out, or has refused them.
                if (row.isBlank() || row.size() < source.header().size()) continue;
                String[] known = texts.computeIfAbsent(ids.length == 0 ? null : ColumnLayout.id(row, ids),
                        series -> new String[indices.length]);
                for (int i = 0; i < indices.length; i++) {
                    known[i] = same(known[i], row.cell(indices[i]), file, row.line(), columns.get(i));
                }
            }
            return new StaticColumns(texts);
        } catch (IOException e) {
            throw DataException.unreadable(file, 0, e);
        }
    }

    private static String same(String known, String cell, String file, long line, String column) throws DataException {
        if (NumberParser.isMissing(cell) || cell.equals(known)) return known;
        if (known == null) return cell;
        throw new DataException(file, line, column, "expected one text for the whole series, found "
                + Printable.quoted(cell) + " after " + Printable.quoted(known));
    }

    /**
     * The texts of a series, one for each column; null where all cells are missing.
     *
     * @param id the id of the series; null in a file of a single one
     * @throws IllegalArgumentException when the file has no row of the series
     */
    public List<String> of(String id) {
        String[] found = texts.get(id);
        if (found == null) {
            throw new IllegalArgumentException(
                    "the file has no row" + (id == null ? "" : " of series " + Printable.quoted(id)));
        }
        return Arrays.asList(found.clone());
    }
}
