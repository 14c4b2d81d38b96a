package org.ttm4j.jdbc;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ttm4j.data.series.Printable;

/**
 * The rows of a query, read by a cursor, so that only some thousands of them are in memory. Not thread-safe.
 *
 * <p>Unless the database allows it, the connection cannot be used otherwise meanwhile. Its auto-commit mode is turned
 * off, because PostgreSQL has cursors only within a transaction. Closing these rows ends neither connection nor
 * transaction.
 */
public final class QueryRows implements AutoCloseable {
    private final Connection connection;
    /** True if the connection committed each statement before the query. */
    private boolean autoCommit;
    private PreparedStatement statement; // null if the database rejects it
    private final ResultSet result;
    private final List<Column> columns = new ArrayList<>();
    /** True if the type of a cell may differ from that of its column, as in SQLite. */
    private final boolean untyped;
    private long row;
    private final FetchSize fetch = new FetchSize();
    /** The texts of ids that are numbers. */
    private final Map<BigDecimal, String> numbers = new HashMap<>();

    /**
     * Runs a query.
     *
     * @param sql one statement that returns rows
     * @throws DatabaseException when the database rejects it, or it returns no rows; the connection is then as it was
     */
    public QueryRows(Connection connection, String sql) throws DatabaseException {
        this.connection = connection;
        try {
            autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            statement = connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
            statement.setFetchSize(fetch.rows());
            if (!statement.execute()) throw new DatabaseException("the query returns no rows: expected a select");
            result = statement.getResultSet();
            ResultSetMetaData data = result.getMetaData();
            untyped = connection.getMetaData().getDatabaseProductName().equals("SQLite");
            for (int i = 1; i <= data.getColumnCount(); i++) columns.add(Column.of(data, i, untyped));
        } catch (SQLException | DatabaseException e) {
            abandon();
            if (e instanceof SQLException rejected) throw DatabaseException.of("the query fails", rejected);
            throw (DatabaseException) e;
        }
    }

    /** Ends a query that cannot be used, and the transaction that it began. */
    void abandon() {
        try {
            if (statement != null) statement.close();
        } catch (SQLException late) {
            // The caller should see the previous error.
        }
        try {
            if (!autoCommit) return;
            connection.rollback();
            connection.setAutoCommit(true);
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
            if (fetch.endsBeforeNextRow()) result.setFetchSize(fetch.rows());
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
            case DATE -> Objects.toString(result.getObject(column, LocalDate.class), null);
            case LOCAL_TIME -> TextTimes.text(result.getObject(column, LocalDateTime.class));
            case INSTANT -> text(result.getObject(column, OffsetDateTime.class));
            case NUMBER -> decimal(result.getString(column));
            default -> result.getString(column);
        });
        if (text != null) fetch.add(text.length());
        return text;
    }

    /** A cell as the id of a series: a text, or, for equal numbers such as 5 and 5.00, that of the first one. */
    public String id(int index) throws DatabaseException {
        String text = text(index);
        if (text == null || columns.get(index).kind() != Column.Kind.NUMBER) return text;
        try {
            String first = numbers.putIfAbsent(new BigDecimal(text).stripTrailingZeros(), text);
            return first == null ? text : first;
        } catch (NumberFormatException infinite) {
            return text;
        }
    }

    /**
     * How many rows to fetch at once: few at first, because they may be long or rejected, then twice as many each time, as
     * long as all of them together would not take much memory if they were as long as the longest so far.
     */
    static final class FetchSize {
        private static final int FIRST = 100;
        private static final int MOST = 5000;
        private static final int CHARACTERS = 1 << 20;

        private int rows = FIRST;
        private int left = FIRST;
        private long length; // characters of the current row
        private long longest = 1;

        int rows() {
            return rows;
        }

        /** Counts a cell of the current row. */
        void add(int characters) {
            length += characters;
            longest = Math.max(longest, length);
        }

        /** Counts the current row; true where the next one is fetched, with as many as there are now. */
        boolean endsBeforeNextRow() {
            length = 0;
            if (left-- > 0) return false;
            rows = (int) Math.max(1, Math.min(Math.min(2 * rows, MOST), CHARACTERS / longest));
            left = rows - 1;
            return true;
        }
    }

    private static String text(OffsetDateTime time) {
        return time == null ? null : TextTimes.text(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()) + "Z";
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
            case DATE -> TextTimes.millis(result.getObject(column, LocalDate.class));
            case LOCAL_TIME -> TextTimes.millis(result.getObject(column, LocalDateTime.class));
            case INSTANT -> TextTimes.millis(result.getObject(column, OffsetDateTime.class));
            default -> TextTimes.millis(result.getString(column));
        });
        if (millis == null) throw problem(index, "expected a time, found NULL");
        return millis;
    }

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

    @Override
    public void close() throws DatabaseException {
        try {
            statement.close();
        } catch (SQLException e) {
            throw DatabaseException.of("the query does not end", e);
        }
    }
}
