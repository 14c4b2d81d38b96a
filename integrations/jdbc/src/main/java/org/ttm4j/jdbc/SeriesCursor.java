package org.ttm4j.jdbc;

import java.io.IOException;
import java.sql.Connection;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.ttm4j.data.grid.RepairReport;
import org.ttm4j.data.grid.SeriesBuilder;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.time.TimeOptions;

/**
 * Reads the series of a query one after the other. The memory is that of one series and of all ids, however large the
 * table. The columns of the query are the id of the series, the time, and one or more columns of numbers; without an
 * id, all rows are one series. The rows of a series must be adjacent, as after {@code order by id, time}; the order of
 * times within a series does not matter. NULL is a missing value. An id has at most 1,000 characters.
 *
 * <p>A {@code timestamp} or {@code date} is a local time and is never shifted; a {@code timestamptz} is counted in UTC,
 * or, for steps of a day or longer, in the days of the zone that the options name. Text is read as ISO 8601.
 * {@link SeriesBuilder} puts the values on a regular grid.
 *
 * <pre>{@code
 * try (SeriesCursor cursor = new SeriesCursor(connection, "select meter, time, load from readings order by 1, 2")) {
 *     for (TimeSeries series = cursor.next(); series != null; series = cursor.next()) { … }
 * }
 * }</pre>
 *
 * Not thread-safe. It uses the connection in the same way as {@link QueryRows}.
 */
public final class SeriesCursor implements AutoCloseable {
    /** The most characters of an id, because all ids are kept in memory. */
    private static final int LONGEST_ID = 1000;

    private final QueryRows rows;
    private final SeriesColumns columns;
    private final Set<String> seen = new HashSet<>();
    private SeriesBuilder builder; // null if there is no row
    private boolean hasRow;

    /** Runs a query, without information about its times. */
    public SeriesCursor(Connection connection, String sql) throws DatabaseException {
        this(connection, sql, TimeOptions.UNKNOWN);
    }

    /**
     * Runs a query.
     *
     * @param options what is known about the times; their format is that of the database
     * @throws DatabaseException when the database rejects the query, or it has other columns; the connection is then as it
     *     was
     */
    public SeriesCursor(Connection connection, String sql, TimeOptions options) throws DatabaseException {
        rows = new QueryRows(connection, sql);
        try {
            columns = SeriesColumns.of(rows.columns());
            hasRow = rows.next();
            if (hasRow) {
                builder = new SeriesBuilder("the query", columns.time().name(), columns.channels(), format(), options);
            }
        } catch (DatabaseException e) {
            rows.abandon();
            throw e;
        }
    }

    private TimeFormat format() throws DatabaseException {
        return switch (columns.time().kind()) {
            case DATE -> new TimeFormat("uuuu-MM-dd", ZoneOffset.UTC);
            case LOCAL_TIME -> new TimeFormat("uuuu-MM-dd HH:mm:ss", ZoneOffset.UTC);
            case INSTANT -> new TimeFormat("uuuu-MM-dd HH:mm:ssXXX", ZoneOffset.UTC);
            default -> TextTimes.format(String.valueOf(rows.text(timeIndex())));
        };
    }

    private int timeIndex() {
        return columns.id() == null ? 0 : 1;
    }

    public SeriesColumns columns() {
        return columns;
    }

    /** The repairs of all series so far. */
    public RepairReport report() {
        return builder == null ? new RepairReport(List.of()) : builder.report();
    }

    /**
     * The next series, or null at the end.
     *
     * @throws DataException when the rows of this series have no regular grid; the next call continues with the next
     *     series
     * @throws DatabaseException when a cell cannot be read, the connection is lost, or the rows of a series are not
     *     adjacent
     */
    public TimeSeries next() throws IOException {
        if (!hasRow) return null;
        String id = id();
        if (!seen.add(id)) {
            throw new DatabaseException("row " + rows.row() + " of the query: series " + Printable.quoted(id)
                    + " comes again after others; let the query end with order by " + columns.id().name() + ", "
                    + columns.time().name());
        }
        double[] values = new double[columns.channels().size()];
        do {
            for (int i = 0; i < values.length; i++) values[i] = rows.number(timeIndex() + 1 + i);
            builder.add(rows.millis(timeIndex()), values);
            hasRow = rows.next();
        } while (hasRow && Objects.equals(id, id()));
        return builder.build(id);
    }

    private String id() throws DatabaseException {
        if (columns.id() == null) return null;
        String id = rows.id(0);
        if (id == null || id.isEmpty()) throw rows.problem(0, "expected the id of a series, found none");
        if (id.length() > LONGEST_ID) {
            throw rows.problem(0,
                    "expected an id of at most " + LONGEST_ID + " characters, found one of " + id.length());
        }
        return id;
    }

    /** Ends the query; the connection stays open. */
    @Override
    public void close() throws DatabaseException {
        rows.close();
    }
}
