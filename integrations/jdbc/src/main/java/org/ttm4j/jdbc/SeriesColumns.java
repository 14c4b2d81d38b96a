package org.ttm4j.jdbc;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The roles of the columns of a query.
 *
 * @param id the column that names the series of a row; null if all rows are one series
 * @param time the column with the time of a row
 * @param channels the names of the columns of values
 */
public record SeriesColumns(Column id, Column time, List<String> channels) {
    public SeriesColumns {
        channels = List.copyOf(channels);
    }

    /**
     * The roles by position: id, time, values. A query with two columns, or whose first column holds times, has no id.
     *
     * @throws DatabaseException when the query has other columns; the message names the column
     */
    static SeriesColumns of(List<Column> columns) throws DatabaseException {
        boolean single = columns.size() < 3 || columns.get(0).kind().isTime();
        int time = single ? 0 : 1;
        if (columns.size() < time + 2) {
            throw new DatabaseException("expected a query of the columns id, time, value (or time, value), found "
                    + columns.size() + (columns.size() == 1 ? " column" : " columns"));
        }
        Column times = columns.get(time);
        if (!times.kind().isTime() && times.kind() != Column.Kind.TEXT) {
            throw new DatabaseException("column " + times.name() + " of the query is " + times.type()
                    + ": expected a timestamp, a date or text that is one; cast it, as with to_timestamp");
        }
        for (Column value : columns.subList(time + 1, columns.size())) {
            if (!value.isNumber()) {
                throw new DatabaseException("column " + value.name() + " of the query is " + value.type()
                        + ": expected numbers; leave it out, or cast it");
            }
        }
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            if (names.add(column.name())) continue;
            throw new DatabaseException("column " + column.name() + " of the query occurs twice; rename one by as");
        }
        return new SeriesColumns(single ? null : columns.get(0), times,
                columns.subList(time + 1, columns.size()).stream().map(Column::name).toList());
    }
}
