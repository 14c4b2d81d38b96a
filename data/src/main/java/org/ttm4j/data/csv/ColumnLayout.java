package org.ttm4j.data.csv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;

/**
 * The meaning of the columns of a CSV.
 *
 * @param timeName the name of the time column; two names joined by {@code +} where two columns make a time
 * @param time the indices of the one or two columns that make a time
 * @param id the index of the id column, or −1
 * @param values the columns of values
 */
record ColumnLayout(String timeName, int[] time, int id, List<ValueColumn> values) {
    /** The number of rows from which the meaning of a column is guessed. */
    static final int PEEKED = 20;
    private static final List<String> USUAL_NAMES = List.of("timestamp", "datetime", "date_time", "date time", "date",
            "time", "ds", "day", "week", "month", "year", "period", "index", "t");

    static ColumnLayout of(String file, CsvSource source, CsvOptions options) throws IOException {
        List<String> header = source.header();
        int id = options.id() == null ? -1 : find(file, header, options.id());
        int[] time = options.time() == null ? findTime(file, source, id) : namedTime(file, header, options.time());
        Set<Integer> taken = new HashSet<>();
        taken.add(id);
        for (int column : time) taken.add(column);
        List<ValueColumn> values = new ArrayList<>();
        if (options.targets().isEmpty()) {
            for (int i = 0; i < header.size(); i++) {
                if (!taken.contains(i)) values.add(new ValueColumn(file, header.get(i), i, false));
            }
        } else {
            // The hour in date+hour can be a value as well: a driver that is known in the future.
            if (time.length == 2) taken.remove(time[1]);
            for (String target : options.targets()) {
                int column = find(file, header, target);
                if (!taken.add(column)) {
                    throw new DataException(file, 0, target,
                            "is named as a target, but is already the time, the id or another target");
                }
                values.add(new ValueColumn(file, target, column, true));
            }
        }
        if (values.isEmpty()) {
            throw new DataException(file, 0, null, "expected columns of values, found only " + quoted(header));
        }
        String timeName = time.length == 1 ? header.get(time[0]) : header.get(time[0]) + "+" + header.get(time[1]);
        return new ColumnLayout(timeName, time, id, values);
    }

    /** The time of a row as one text. */
    String timeOf(CsvSource.Row row) {
        return time.length == 1 ? row.cell(time[0]) : row.cell(time[0]) + " " + row.cell(time[1]);
    }

    private static int[] namedTime(String file, List<String> header, String name) throws DataException {
        int plus = name.indexOf('+');
        if (header.contains(name) || plus < 0) return new int[]{find(file, header, name)};
        return new int[]{find(file, header, name.substring(0, plus).strip()),
                find(file, header, name.substring(plus + 1).strip())};
    }

    static int find(String file, List<String> header, String name) throws DataException {
        int column = header.indexOf(name);
        if (column < 0) throw new DataException(file, 0, name, "no such column; the columns are " + quoted(header));
        return column;
    }

    /**
     * Finds the column by name, else by cells. Plain numbers are times only in the first column or under a usual name.
     */
    private static int[] findTime(String file, CsvSource source, int id) throws IOException {
        List<String> header = source.header();
        List<CsvSource.Row> rows = source.peek(PEEKED);
        List<String> lower = header.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        for (String name : USUAL_NAMES) {
            int column = lower.indexOf(name);
            if (column >= 0 && column != id && isTime(rows, column, true)) {
                return new int[]{column};
            }
        }
        for (int column = 0; column < header.size(); column++) {
            if (column != id && isTime(rows, column, column == 0)) {
                return new int[]{column};
            }
        }
        for (String name : USUAL_NAMES) {
            // A usual name with malformed times: reading the column will report what is wrong with them.
            int column = lower.indexOf(name);
            if (column >= 0 && column != id) return new int[]{column};
        }
        throw new DataException(file, 0, null,
                "no column holds times; name one with --time, or add one; the columns are " + quoted(header));
    }

    private static boolean isTime(List<CsvSource.Row> rows, int column, boolean numbersAllowed) {
        List<String> cells = rows.stream()
                .filter(row -> !row.isBlank() && column < row.record().size())
                .map(row -> row.cell(column))
                .toList();
        return TimeColumn.accepts(cells, numbersAllowed);
    }

    private static String quoted(List<String> names) {
        String first = names.stream().limit(PEEKED).map(Printable::quoted).collect(Collectors.joining(", "));
        return names.size() > PEEKED ? first + ", …" : first;
    }
}
