package org.ttm4j.jdbc;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ttm4j.data.series.Printable;

/**
 * The rows of a query, read by a cursor, so that only some thousands of them are in memory. Not thread-safe.
 *
 * <p>Unless the database allows it, the connection cannot be used otherwise meanwhile. Its auto-commit mode is turned
 * off, because PostgreSQL has cursors only within a transaction. Closing these rows ends neither connection nor
 * transaction.
 */
public final class QueryRows implements AutoCloseable {
    private static final int FETCHED = 5000;
    /** The number of rows of the first fetch. It is small, because these rows may be rejected. */
    private static final int FETCHED_FIRST = 100;
    /** Fewer rows are fetched where cells are so long that all would take much memory. */
    private static final int FETCHED_CHARACTERS = 1 << 20;
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss[.SSS]",
            Locale.ROOT);

    private final PreparedStatement statement;
    private final ResultSet result;
    private final List<Column> columns = new ArrayList<>();
    /** True if the type of a cell may differ from that of its column, as in SQLite. */
    private final boolean untyped;
    private long row;
    private int longest = FETCHED_CHARACTERS / FETCHED; // characters of a cell

    /**
     * Runs a query.
     *
     * @param sql one statement that returns rows
     * @throws DatabaseException when the database rejects it, or it returns no rows
     */
    public QueryRows(Connection connection, String sql) throws DatabaseException {
        PreparedStatement prepared = null;
        try {
            connection.setAutoCommit(false);
            prepared = connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
            prepared.setFetchSize(FETCHED_FIRST);
            if (!prepared.execute()) throw new DatabaseException("the query returns no rows: expected a select");
            statement = prepared;
            result = statement.getResultSet();
            result.setFetchSize(FETCHED);
            ResultSetMetaData data = result.getMetaData();
            untyped = connection.getMetaData().getDatabaseProductName().equals("SQLite");
            for (int i = 1; i <= data.getColumnCount(); i++) columns.add(Column.of(data, i, untyped));
        } catch (SQLException e) {
            closeQuietly(prepared);
            throw DatabaseException.of("the query fails", e);
        } catch (DatabaseException e) {
            closeQuietly(prepared);
            throw e;
        }
    }

    private static void closeQuietly(PreparedStatement statement) {
        try {
            if (statement != null) statement.close();
        } catch (SQLException late) {
            // The caller should see the previous error.
        }
    }

    /** The columns in the order of the query. */
    public List<Column> columns() {
        return List.copyOf(columns);
    }

    /**
     * Moves to the next row; returns false at the end.
     *
     * @throws DatabaseException also when the connection is lost
     */
    public boolean next() throws DatabaseException {
        try {
            row++;
            return result.next();
        } catch (SQLException e) {
            throw DatabaseException.of("the query fails after " + (row - 1) + " rows", e);
        }
    }

    /** The number of the current row; 1 for the first. */
    long row() {
        return row;
    }

    /**
     * A cell as text, in the same format for every database and time zone: {@code 2026-01-31},
     * {@code 2026-01-31 13:00:00}, with the suffix {@code Z} for an instant; numbers without an exponent. Null for
     * NULL.
     *
     * @param index of the column, 0 for the first
     */
    public String text(int index) throws DatabaseException {
        String text = read(index, column -> switch (columns.get(index).kind()) {
            case DATE -> text(result.getObject(column, LocalDate.class));
            case LOCAL_TIME -> text(result.getObject(column, LocalDateTime.class));
            case INSTANT -> text(result.getObject(column, OffsetDateTime.class));
            case NUMBER -> decimal(result.getString(column));
            default -> result.getString(column);
        });
        if (text != null && text.length() > longest) {
            longest = text.length();
            fetch(Math.max(FETCHED_FIRST, FETCHED_CHARACTERS / longest));
        }
        return text;
    }

    private void fetch(int rows) throws DatabaseException {
        try {
            result.setFetchSize(rows);
        } catch (SQLException e) {
            throw DatabaseException.of("the query fails", e);
        }
    }

    private static String text(LocalDate date) {
        return date == null ? null : date.toString();
    }

    private static String text(LocalDateTime time) {
        if (time == null) return null;
        String text = LOCAL.format(time);
        return time.getNano() < 1_000_000 ? text.substring(0, text.indexOf('.')) : text;
    }

    private static String text(OffsetDateTime time) {
        return time == null ? null : text(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()) + "Z";
    }

    private static String decimal(String number) {
        return number == null || number.indexOf('E') < 0 && number.indexOf('e') < 0
                ? number
                : new BigDecimal(number).toPlainString();
    }

    /**
     * A number; NaN for NULL.
     *
     * @throws DatabaseException when it is too large for a float
     */
    double number(int index) throws DatabaseException {
        Double number = read(index, column -> {
            if (untyped && result.getObject(column) instanceof String text) {
                throw new SQLException("expected a number, found " + Printable.quoted(text));
            }
            double value = columns.get(index).type().equals("float4")
                    ? result.getFloat(column)
                    : result.getDouble(column);
            return result.wasNull() ? Double.NaN : value;
        });
        if (Float.isInfinite(number.floatValue())) throw problem(index, "expected a number that a float can hold");
        return number;
    }

    /** A time in milliseconds since 1970-01-01 00:00; for an instant, in UTC. */
    long millis(int index) throws DatabaseException {
        Long millis = read(index, column -> switch (columns.get(index).kind()) {
            case DATE -> millis(result.getObject(column, LocalDate.class));
            case LOCAL_TIME -> millis(result.getObject(column, LocalDateTime.class));
            case INSTANT -> millis(result.getObject(column, OffsetDateTime.class));
            default -> TextTimes.millis(result.getString(column));
        });
        if (millis == null) throw problem(index, "expected a time, found NULL");
        return millis;
    }

    private static Long millis(LocalDate date) {
        return date == null ? null : millis(date.atStartOfDay());
    }

    private static Long millis(LocalDateTime time) {
        return time == null ? null : Long.valueOf(time.toInstant(ZoneOffset.UTC).toEpochMilli());
    }

    private static Long millis(OffsetDateTime time) {
        return time == null ? null : Long.valueOf(Instant.from(time).toEpochMilli());
    }

    /** Reads a cell. */
    private interface Reader<T> {
        T read(int column) throws SQLException;
    }

    private <T> T read(int index, Reader<T> reader) throws DatabaseException {
        try {
            return reader.read(index + 1);
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw problem(index, "expected a number or a time of the calendar: " + e.getMessage());
        } catch (SQLException e) {
            throw problem(index, e.getMessage());
        }
    }

    /** An exception for a cell of this row. */
    DatabaseException problem(int index, String problem) {
        return new DatabaseException("row " + row + " of the query, column " + columns.get(index).name(), problem);
    }

    /** Ends the query. */
    @Override
    public void close() throws DatabaseException {
        try {
            statement.close();
        } catch (SQLException e) {
            throw DatabaseException.of("the query does not end", e);
        }
    }
}
