package org.ttm4j.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecast;

/**
 * Writes forecasts into a table: a row for each series and time, with the columns of the query that the series came from
 * and, behind them, one for each quantile, such as {@code load.q0.9}. A row that the table has already of the same id and
 * time is overwritten, so that the same forecasts written twice leave the same table.
 *
 * <p>All is one transaction: nothing is seen by others before {@link #commit}, and nothing stays without it. The table is
 * made when it is absent, with the id and the time as its key; one that is there needs a key or unique index of these
 * two. For databases that know {@code insert … on conflict}: PostgreSQL, DuckDB, SQLite.
 *
 * <pre>{@code
 * try (ForecastWriter writer = new ForecastWriter(connection, "forecasts", cursor.columns())) {
 *     writer.write(series, forecast);
 *     writer.commit();
 * }
 * }</pre>
 *
 * Not thread-safe. Closing it does not close the connection.
 */
public final class ForecastWriter implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("(?U)(\\w[\\w$]*|\"[^\"]+\")(\\.(\\w[\\w$]*|\"[^\"]+\")){0,2}");
    private static final String NO_RIGHT = "42501";
    /** Databases allow some 32,000 parameters. */
    private static final int PARAMETERS = 16_000;
    private static final String DOUBLE = "double precision";
    private static final int ROWS = 500;

    private final Connection connection;
    private final String table;
    private final SeriesColumns columns;
    private final List<Object> pending = new ArrayList<>(); // rows × columns
    private final int keys;
    private final double[] levels;
    private List<Column> target; // known from the first forecast on
    /** Columns of quantiles that another run has made, and this one has not. */
    private List<Column> stale = List.of();
    /** PostgreSQL takes a text for a type of its own, such as an enumeration, only where it is told none. */
    private int textType = Types.VARCHAR;
    private PreparedStatement full;
    private long rows;

    /**
     * Nothing is asked of the database before the first forecast.
     *
     * @param connection none other may write with it meanwhile
     * @param table the name as SQL has it, with or without a schema
     * @param columns of the query that the series came from
     * @param levels of the quantiles that have columns, as they are asked for; none without
     * @throws DatabaseException when the name is none of a table
     */
    public ForecastWriter(Connection connection, String table, SeriesColumns columns, double... levels)
            throws DatabaseException {
        requireName(table);
        this.connection = connection;
        this.table = table;
        this.columns = columns;
        this.levels = levels.clone();
        keys = columns.id() == null ? 1 : 2;
    }

    /** @throws DatabaseException unless a text is the name of a table */
    public static void requireName(String table) throws DatabaseException {
        if (!NAME.matcher(table).matches()) {
            throw new DatabaseException("expected the name of a table, such as forecasts or plant.forecasts, found "
                    + Printable.quoted(table));
        }
    }

    /**
     * Writes a forecast. The cells of quantiles are NULL where it has none.
     *
     * @param series what was forecast, with the channels of the query
     * @throws DatabaseException when the database refuses it; then nothing that was written stays
     * @throws IllegalArgumentException when the forecast lacks a level
     */
    public void write(TimeSeries series, Forecast forecast) throws DatabaseException {
        List<double[][]> values = new ArrayList<>();
        values.add(forecast.doubleValues());
        for (double level : levels) values.add(forecast.quantiles().isEmpty() ? null : forecast.doubleQuantile(level));
        try {
            if (target == null) prepare(series, forecast);
            for (int step = 0; step < forecast.horizon(); step++) add(series, values, step);
        } catch (SQLException e) {
            throw DatabaseException.of("cannot write to " + table, e);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new DatabaseException("cannot write to " + table, String.valueOf(e.getMessage()));
        }
    }

    /** @param values the forecast, then its quantiles, null where there are none; each channels × steps */
    private void add(TimeSeries series, List<double[][]> values, int step) throws SQLException {
        if (columns.id() != null) pending.add(Cells.id(series.id(), target.get(0)));
        pending.add(Cells.time(series.axis(), series.length() + (long) step, target.get(keys - 1)));
        for (double[] channel : values.get(0)) pending.add(number(channel[step]));
        for (int channel = 0; channel < values.get(0).length; channel++) {
            for (double[][] level : values.subList(1, values.size())) {
                pending.add(level == null ? null : number(level[channel][step]));
            }
        }
        rows++;
        if (pending.size() >= rowsAtOnce() * target.size()) flush();
    }

    private Number number(double value) {
        return Cells.number(value, target.get(pending.size() % target.size()));
    }

    private int rowsAtOnce() {
        return Math.max(1, Math.min(ROWS, PARAMETERS / target.size()));
    }

    private void prepare(TimeSeries series, Forecast forecast) throws SQLException {
        connection.setAutoCommit(false);
        if (connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) textType = Types.OTHER;
        List<Column> wanted = new ArrayList<>();
        if (columns.id() != null) wanted.add(columns.id());
        wanted.add(columns.time());
        List<String> channels = new ArrayList<>();
        for (int channel : forecast.channels()) channels.add(series.channels().get(channel));
        for (String channel : channels) wanted.add(new Column(channel, Column.Kind.NUMBER, DOUBLE));
        for (String channel : channels) {
            for (double level : levels) wanted.add(new Column(channel + ".q" + level, Column.Kind.NUMBER, DOUBLE));
        }
        if (!connection.getMetaData().supportsSavepoints()) {
            create(wanted, "create table if not exists ");
            target = existing(wanted);
            stale = stale(channels);
            return;
        }
        // Who may write to a table need not be allowed to make one, so that this is tried second.
        Savepoint before = connection.setSavepoint();
        try {
            target = existing(wanted);
        } catch (SQLException absent) {
            connection.rollback(before);
            if (NO_RIGHT.equals(absent.getSQLState()) || exists()) throw absent;
            try {
                create(wanted, "create table ");
            } catch (SQLException e) {
                connection.rollback(before);
                // Another run may have made it meanwhile.
                if (!exists()) throw e;
            }
            target = existing(wanted);
        }
        connection.releaseSavepoint(before);
        stale = stale(channels);
    }

    /** True if the table is there, maybe with other columns. */
    private boolean exists() throws SQLException {
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("select 1 from " + table + " where 1 = 0").close();
            return true;
        } catch (SQLException absent) {
            connection.rollback(before);
            return false;
        }
    }

    private List<Column> existing(List<Column> wanted) throws SQLException {
        String names = String.join(", ", wanted.stream().map(Column::quoted).toList());
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery("select " + names + " from " + table + " where 1 = 0")) {
            ResultSetMetaData data = none.getMetaData();
            boolean sqlite = connection.getMetaData().getDatabaseProductName().equals("SQLite");
            List<Column> found = new ArrayList<>();
            for (int i = 1; i <= wanted.size(); i++) found.add(Column.of(data, i, sqlite));
            return found;
        }
    }

    /** A row that is overwritten must not keep quantiles of an earlier forecast; who may not see all columns has none. */
    private List<Column> stale(List<String> channels) throws SQLException {
        Savepoint before = connection.getMetaData().supportsSavepoints() ? connection.setSavepoint() : null;
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery("select * from " + table + " where 1 = 0")) {
            Set<String> written = target.stream().map(Column::name).collect(Collectors.toSet());
            List<Column> found = new ArrayList<>();
            for (int i = 1; i <= none.getMetaData().getColumnCount(); i++) {
                Column column = Column.of(none.getMetaData(), i, false);
                String name = column.name();
                boolean quantile = channels.stream()
                        .anyMatch(channel -> name.matches(Pattern.quote(channel) + "\\.q0\\.\\d+"));
                if (quantile && !written.contains(name)) found.add(column);
            }
            return found;
        } catch (SQLException e) {
            if (before == null || !NO_RIGHT.equals(e.getSQLState())) throw e;
            connection.rollback(before);
            return List.of();
        }
    }

    private void create(List<Column> wanted, String verb) throws SQLException {
        StringBuilder sql = new StringBuilder(verb).append(table).append(" (");
        for (int i = 0; i < wanted.size(); i++) {
            Column column = wanted.get(i);
            String type = i >= keys ? DOUBLE : column.kind() == Column.Kind.OTHER ? "text" : column.kind().sql();
            sql.append(column.quoted()).append(' ').append(type).append(i < keys ? " not null, " : ", ");
        }
        sql.append("primary key (").append(keyNames(wanted)).append("))");
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql.toString());
        }
    }

    private String keyNames(List<Column> wanted) {
        return String.join(", ", wanted.subList(0, keys).stream().map(Column::quoted).toList());
    }

    private String upsert(int count) {
        List<String> names = target.stream().map(Column::quoted).toList();
        String row = "(" + "?, ".repeat(names.size() - 1) + "?)";
        return "insert into " + table + " (" + String.join(", ", names) + ") values " + (row + ", ").repeat(count - 1)
                + row + " on conflict (" + keyNames(target) + ") do update set " + Stream
                        .concat(names.subList(keys, names.size()).stream().map(name -> name + " = excluded." + name),
                                stale.stream().map(column -> column.quoted() + " = null"))
                        .collect(Collectors.joining(", "));
    }

    private void flush() throws SQLException {
        if (pending.isEmpty()) return;
        int count = pending.size() / target.size();
        if (count == rowsAtOnce()) {
            if (full == null) full = connection.prepareStatement(upsert(count));
            execute(full);
        } else {
            try (PreparedStatement rest = connection.prepareStatement(upsert(count))) {
                execute(rest);
            }
        }
        pending.clear();
    }

    private void execute(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < pending.size(); i++) {
            Object cell = pending.get(i);
            if (cell == null) statement.setNull(i + 1, Types.DOUBLE);
            else if (cell instanceof String text) statement.setObject(i + 1, text, textType);
            else statement.setObject(i + 1, cell);
        }
        statement.executeUpdate();
    }

    /** The number of rows that were written. */
    public long rows() {
        return rows;
    }

    /**
     * Makes all that was written stay.
     *
     * @throws DatabaseException when the database refuses it; then nothing stays
     */
    public void commit() throws DatabaseException {
        try {
            flush();
            // Nothing has begun where no forecast was written.
            if (!connection.getAutoCommit()) connection.commit();
        } catch (SQLException e) {
            throw DatabaseException.of("cannot write to " + table, e);
        }
    }

    /** Takes back what was written since the last {@link #commit}. */
    @Override
    public void close() throws DatabaseException {
        try {
            if (!connection.isClosed() && !connection.getAutoCommit()) connection.rollback();
            if (full != null) full.close();
        } catch (SQLException e) {
            throw DatabaseException.of("cannot leave " + table, e);
        }
    }
}
