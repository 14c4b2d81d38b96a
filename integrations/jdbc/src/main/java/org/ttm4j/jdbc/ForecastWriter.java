package org.ttm4j.jdbc;

import java.math.BigDecimal;
import java.math.RoundingMode;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecast;

/**
 * Writes forecasts to a table: a row for each series and time, with the columns of the query that the series came from,
 * followed by one for each quantile, such as {@code load.q0.9}. An existing row with the same id and time is
 * overwritten, so that writing is idempotent.
 *
 * <p>Everything is one transaction: others see nothing before {@link #commit}, and nothing is kept without it. If the
 * table does not exist, it is created with the id and the time as its key; an existing one needs a key or unique index
 * of these two. Requires a database with {@code insert … on conflict}: PostgreSQL, DuckDB, SQLite.
 *
 * <pre>{@code
 * try (ForecastWriter writer = new ForecastWriter(connection, "forecasts", cursor.columns())) {
 *     writer.write(series, forecast);
 *     writer.commit();
 * }
 * }</pre>
 *
 * Not thread-safe. Closing it leaves the connection open, in the auto-commit mode that it had.
 */
public final class ForecastWriter implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("(?U)(\\w[\\w$]*|\"[^\"]+\")(\\.(\\w[\\w$]*|\"[^\"]+\")){0,2}");
    private static final String NO_RIGHT = "42501";
    /** The most parameters of a statement; databases allow some 32,000. */
    private static final int PARAMETERS = 16_000;
    private static final String DOUBLE = "double precision";
    private static final int ROWS = 500;
    /** Their messages would be about quotes or types, and some of them would keep the new table. */
    private static final List<String> WITHOUT_UPSERT = List.of("MySQL", "MariaDB", "Microsoft SQL Server", "Oracle",
            "DB2", "H2", "HSQL", "Apache Derby");

    private final Connection connection;
    private final String table;
    private final SeriesColumns columns;
    private final List<Object> pending = new ArrayList<>(); // rows × columns
    private final int keys;
    private final double[] levels;
    private boolean mean;
    private int digits = -1; // below 0 for numbers as they are
    private List<Column> target; // null before the first forecast
    /** Columns of quantiles and means of another run that this one does not write. */
    private List<Column> stale = List.of();
    /** PostgreSQL converts a text to a user-defined type, such as an enumeration, only if the type is not specified. */
    private int textType = Types.VARCHAR;
    private PreparedStatement full;
    private long rows;
    /** True if the connection committed each statement before the first forecast. */
    private boolean autoCommit;
    /** True if a forecast was rejected, of which earlier steps may be written. */
    private boolean refused;
    /** Those of the series that is written. */
    private final Set<Object> times = new HashSet<>();

    /**
     * A writer, which does not access the database before the first forecast.
     *
     * @param connection a connection that no one else may use for writing meanwhile
     * @param table the name in SQL, with or without a schema
     * @param columns the columns of the query that the series came from
     * @param levels the levels of the quantiles to write; may be empty
     * @throws DatabaseException when the name is not a valid table name
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

    /** Adds a column of means for each channel, such as {@code load.mean}; to be called before the first forecast. */
    public ForecastWriter withMean() {
        mean = true;
        return this;
    }

    /** Rounds numbers half to even to so many decimals; below 0 for numbers as they are. To be called before the first forecast. */
    public ForecastWriter withDigits(int decimals) {
        digits = decimals;
        return this;
    }

    /** @throws DatabaseException unless the text is a valid table name */
    public static void requireName(String table) throws DatabaseException {
        if (!NAME.matcher(table).matches()) {
            throw new DatabaseException("expected the name of a table, such as forecasts or plant.forecasts, found "
                    + Printable.quoted(table));
        }
    }

    /**
     * Writes a forecast. The cells of quantiles and means are NULL if it has none.
     *
     * @param series the series that was forecast, with the channels of the query
     * @throws DatabaseException when the database rejects it; then nothing that was written is kept
     * @throws IllegalArgumentException when the forecast lacks a level
     */
    public void write(TimeSeries series, Forecast forecast) throws DatabaseException {
        List<double[][]> values = new ArrayList<>();
        values.add(forecast.doubleValues());
        if (mean) values.add(forecast.mean().orElse(null));
        for (double level : levels) values.add(forecast.quantiles().isEmpty() ? null : forecast.doubleQuantile(level));
        try {
            if (target == null) prepare(series, forecast);
            for (int step = 0; step < forecast.horizon(); step++) add(series, values, step);
        } catch (SQLException e) {
            refused = true;
            throw DatabaseException.of("cannot write to " + table, e);
        } catch (IllegalArgumentException | DateTimeException e) {
            refused = true;
            throw new DatabaseException("cannot write to " + table, String.valueOf(e.getMessage()));
        }
    }

    /** @param values the forecast, followed by its mean, quantiles or nulls; each channels × steps */
    private void add(TimeSeries series, List<double[][]> values, int step) throws SQLException {
        Object time = target.get(keys - 1).time(series.axis(), series.length() + (long) step);
        if (step == 0) times.clear();
        // The hour in which a clock is set back has the keys of the one before, where local times are written.
        if (!times.add(time)) return;
        if (columns.id() != null) pending.add(target.get(0).id(series.id()));
        pending.add(time);
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
        double rounded = digits < 0 || !Double.isFinite(value)
                ? value
                : BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
        return target.get(pending.size() % target.size()).number(rounded);
    }

    private int rowsAtOnce() {
        return Math.max(1, Math.min(ROWS, PARAMETERS / target.size()));
    }

    private void prepare(TimeSeries series, Forecast forecast) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        if (WITHOUT_UPSERT.stream().anyMatch(product::startsWith)) {
            throw new SQLException(product + " has no insert … on conflict; expected PostgreSQL, DuckDB or SQLite");
        }
        autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        if (product.equals("PostgreSQL")) textType = Types.OTHER;
        List<Column> wanted = new ArrayList<>();
        if (columns.id() != null) wanted.add(columns.id());
        wanted.add(columns.time());
        List<String> channels = new ArrayList<>();
        for (int channel : forecast.channels()) channels.add(series.channels().get(channel));
        List<String> numbers = new ArrayList<>(channels);
        for (String channel : channels) {
            if (mean) numbers.add(channel + ".mean");
            for (double level : levels) numbers.add(channel + ".q" + level);
        }
        for (String number : numbers) wanted.add(new Column(number, Column.Kind.NUMBER, DOUBLE));
        String names = String.join(", ", wanted.stream().map(Column::quoted).toList());
        if (connection.getMetaData().supportsSavepoints()) createIfAbsent(wanted, names);
        else create(wanted, "create table if not exists ");
        target = columns(names);
        stale = stale(channels);
    }

    /** A user may be allowed to write to a table but not to create one, so an existing table is tried first. */
    private void createIfAbsent(List<Column> wanted, String names) throws SQLException {
        SQLException refusal = refusal(() -> columns(names));
        if (refusal == null) return;
        if (NO_RIGHT.equals(refusal.getSQLState()) || exists()) throw refusal;
        SQLException notCreated = refusal(() -> create(wanted, "create table "));
        // Another run may have created it meanwhile.
        if (notCreated != null && !exists()) throw notCreated;
    }

    /** True if the table exists, perhaps with other columns. */
    private boolean exists() throws SQLException {
        return refusal(() -> columns("1")) == null;
    }

    private interface Attempt {
        void run() throws SQLException;
    }

    /** Why the database refuses an attempt, which then is undone alone if it has savepoints; null if it does not. */
    private SQLException refusal(Attempt attempt) throws SQLException {
        Savepoint before = connection.getMetaData().supportsSavepoints() ? connection.setSavepoint() : null;
        try {
            attempt.run();
            return null;
        } catch (SQLException e) {
            if (before == null) throw e;
            connection.rollback(before);
            return e;
        }
    }

    private List<Column> columns(String names) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery("select " + names + " from " + table + " where 1 = 0")) {
            ResultSetMetaData data = none.getMetaData();
            boolean sqlite = connection.getMetaData().getDatabaseProductName().equals("SQLite");
            List<Column> found = new ArrayList<>();
            for (int i = 1; i <= data.getColumnCount(); i++) found.add(Column.of(data, i, sqlite));
            return found;
        }
    }

    /** The columns of quantiles and means to clear when a row is overwritten; none if the user may not read all columns. */
    private List<Column> stale(List<String> channels) throws SQLException {
        List<Column> all = new ArrayList<>();
        SQLException refusal = refusal(() -> all.addAll(columns("*")));
        if (refusal != null && !NO_RIGHT.equals(refusal.getSQLState())) throw refusal;
        Set<String> written = target.stream().map(Column::name).collect(Collectors.toSet());
        return all.stream()
                .filter(column -> !written.contains(column.name()) && channels.stream()
                        .anyMatch(channel -> column.name()
                                .matches(Pattern.quote(channel) + "\\.(q0\\.\\d+|q\\d\\.\\d+E-\\d+|mean)")))
                .toList();
    }

    private void create(List<Column> wanted, String verb) throws SQLException {
        StringBuilder sql = new StringBuilder(verb).append(table).append(" (");
        for (int i = 0; i < wanted.size(); i++) {
            Column column = wanted.get(i);
            sql.append(column.quoted()).append(' ').append(i < keys ? column.keyType() + " not null, " : DOUBLE + ", ");
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

    public long rows() {
        return rows;
    }

    /**
     * Commits everything that was written.
     *
     * @throws DatabaseException when the database rejects it, or has rejected a forecast before; then nothing is kept
     */
    public void commit() throws DatabaseException {
        if (refused) throw new DatabaseException("nothing is written to " + table + ": a forecast was rejected");
        try {
            flush();
            // Without a forecast no transaction has been started.
            if (!connection.getAutoCommit()) connection.commit();
        } catch (SQLException e) {
            throw DatabaseException.of("cannot write to " + table, e);
        }
    }

    /** Rolls back what was written since the last {@link #commit}. */
    @Override
    public void close() throws DatabaseException {
        try {
            try {
                if (!connection.isClosed() && !connection.getAutoCommit()) connection.rollback();
                if (full != null) full.close();
            } finally {
                if (autoCommit && !connection.isClosed()) connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw DatabaseException.of("cannot leave " + table, e);
        }
    }
}
