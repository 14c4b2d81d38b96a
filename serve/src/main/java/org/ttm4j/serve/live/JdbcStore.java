package org.ttm4j.serve.live;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.ttm4j.serve.settings.Settings.StoreSettings;

/**
 * Two tables of a PostgreSQL database, {@code ttm_series} and {@code ttm_value}, which are made when they are not there. It
 * has one connection, which is opened anew after a failure. Several services may share a database: the one that changes a
 * series locks its row.
 */
final class JdbcStore implements SeriesStore {
    /** Made by one service after the other: when several start together, IF NOT EXISTS alone can fail. */
    private static final String[] TABLES = {"SELECT pg_advisory_xact_lock(7632493)",
            "CREATE TABLE IF NOT EXISTS ttm_series (id text COLLATE \"C\" PRIMARY KEY, settings text NOT NULL, anchor text)",
            "CREATE TABLE IF NOT EXISTS ttm_value (series text COLLATE \"C\" NOT NULL REFERENCES ttm_series ON DELETE CASCADE,"
                    + " step bigint NOT NULL, value double precision NOT NULL, PRIMARY KEY (series, step))"};

    /** Seconds that the database may be silent. */
    private static final String SILENCE = "30";
    private static final int TURN_SECONDS = 10;
    /** Time after a change for which the database is taken to be there. */
    private static final long FRESH = TimeUnit.SECONDS.toNanos(10);

    private final Database database;
    private final boolean writing;
    /** Not a monitor: before Java 24, requests that wait for one keep a carrier thread from all others. */
    private final ReentrantLock lock = new ReentrantLock();
    private Connection connection;
    /** When the last change was committed. */
    private volatile long committed = System.nanoTime() - FRESH;
    private boolean isChanged;

    @FunctionalInterface
    interface Database {
        Connection connect() throws SQLException;
    }

    /** What is done with a connection, a statement or its rows. */
    @FunctionalInterface
    private interface Action<A, T> {
        T on(A given) throws SQLException;
    }

    /** @param writing whether it is for changes, within transactions, and not for reading */
    private JdbcStore(Database database, boolean writing) {
        this.database = database;
        this.writing = writing;
    }

    /** @throws IOException when no driver takes the address */
    static Database database(StoreSettings settings) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("socketTimeout", SILENCE);
        properties.setProperty("tcpKeepAlive", "true");
        if (settings.user() != null) properties.setProperty("user", settings.user());
        if (settings.password() != null) properties.setProperty("password", settings.password());
        Driver driver = driver(settings);
        return () -> {
            Connection connection = driver.connect(settings.location(), properties);
            if (connection == null) throw new SQLException("the driver does not take this address");
            return connection;
        };
    }

    private static Driver driver(StoreSettings settings) throws IOException {
        try {
            if (settings.driver() == null) return DriverManager.getDriver(settings.location());
            if (!Files.isRegularFile(settings.driver())) throw new IOException(settings.driver() + ": no such file");
            ClassLoader loader = new URLClassLoader(new URL[]{settings.driver().toUri().toURL()},
                    JdbcStore.class.getClassLoader());
            for (Driver driver : ServiceLoader.load(Driver.class, loader)) {
                if (driver.acceptsURL(settings.location())) return driver;
            }
        } catch (SQLException | ServiceConfigurationError e) {
            // The exception below says what to do.
        }
        throw new IOException("no JDBC driver takes the address of the store: expected one such as "
                + "jdbc:postgresql://host:5432/name, with %25 for a %, and the jar of a driver such as "
                + "org.postgresql:postgresql");
    }

    /** One that makes changes; the tables are there then. */
    static JdbcStore writer(Database database) throws StoreException {
        JdbcStore store = new JdbcStore(database, true);
        for (String table : TABLES) store.run(table, PreparedStatement::execute);
        store.commit();
        return store;
    }

    /** One that reads. */
    static JdbcStore reader(Database database) {
        return new JdbcStore(database, false);
    }

    @Override
    public Entry entry(String id) throws StoreException {
        return query("SELECT settings, anchor FROM ttm_series WHERE id = ?" + (writing ? " FOR UPDATE" : ""),
                row -> row.next() ? new Entry(row.getString(1), row.getString(2)) : null, id);
    }

    @Override
    public List<String> ids(String after, int most) throws StoreException {
        return query("SELECT id FROM ttm_series WHERE id > ? ORDER BY id LIMIT ?", rows -> {
            List<String> ids = new ArrayList<>();
            while (rows.next()) ids.add(rows.getString(1));
            return ids;
        }, after, most);
    }

    @Override
    public int size() throws StoreException {
        return query("SELECT count(*) FROM ttm_series", JdbcStore::count);
    }

    @Override
    public int countWithSettings(String text) throws StoreException {
        return query("SELECT count(*) FROM ttm_series WHERE position(? IN settings) > 0", JdbcStore::count, text);
    }

    private static int count(ResultSet row) throws SQLException {
        row.next();
        return row.getInt(1);
    }

    @Override
    public Points newest(String id, int most) throws StoreException {
        return query("SELECT step, value FROM ttm_value WHERE series = ? AND step > (SELECT max(step) FROM ttm_value "
                + "WHERE series = ?) - ? ORDER BY step", rows -> {
                    long[] steps = new long[most];
                    double[] values = new double[most];
                    int count = 0;
                    for (; rows.next(); count++) {
                        steps[count] = rows.getLong(1);
                        values[count] = rows.getDouble(2);
                    }
                    return new Points(Arrays.copyOf(steps, count), Arrays.copyOf(values, count));
                }, id, id, (long) most);
    }

    @Override
    public void put(String id, Entry entry) throws StoreException {
        change("INSERT INTO ttm_series VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, "
                + "anchor = COALESCE(excluded.anchor, ttm_series.anchor)", id, entry.settings(), entry.anchor());
    }

    @Override
    public void delete(String id) throws StoreException {
        change("DELETE FROM ttm_series WHERE id = ?", id);
    }

    @Override
    public void write(String id, Points points, long first) throws StoreException {
        run("INSERT INTO ttm_value VALUES (?, ?, ?) ON CONFLICT (series, step) DO UPDATE SET value = excluded.value",
                statement -> {
                    statement.setString(1, id);
                    for (int i = 0; i < points.steps().length; i++) {
                        statement.setLong(2, points.steps()[i]);
                        statement.setDouble(3, points.values()[i]);
                        statement.addBatch();
                    }
                    return statement.executeBatch();
                });
        change("DELETE FROM ttm_value WHERE series = ? AND step < ?", id, first);
    }

    @Override
    public boolean works() {
        return System.nanoTime() - committed < FRESH;
    }

    /** Writes a row, which a full database refuses, of an id that no series has; nobody sees it, as it goes before the commit. */
    @Override
    public void touch() throws StoreException {
        change("INSERT INTO ttm_series VALUES ('', '', NULL)");
        change("DELETE FROM ttm_series WHERE id = ''");
    }

    @Override
    public void commit() throws StoreException {
        run(open -> {
            open.commit();
            // A commit of reads alone does not show whether the database can be written.
            if (isChanged) committed = System.nanoTime();
            isChanged = false;
            return null;
        });
    }

    @Override
    public void rollback() {
        isChanged = false;
        lock.lock();
        try {
            if (connection != null) connection.rollback();
        } catch (SQLException | RuntimeException | Error e) {
            close(); // the database then discards the changes, which a later commit would otherwise write
        } finally {
            lock.unlock();
        }
    }

    private void change(String sql, Object... values) throws StoreException {
        isChanged = true;
        run(sql, statement -> with(values, statement).executeUpdate());
    }

    private <T> T query(String sql, Action<ResultSet, T> action, Object... values) throws StoreException {
        return run(sql, statement -> {
            try (ResultSet rows = with(values, statement).executeQuery()) {
                return action.on(rows);
            }
        });
    }

    private static PreparedStatement with(Object[] values, PreparedStatement statement) throws SQLException {
        for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
        return statement;
    }

    private <T> T run(String sql, Action<PreparedStatement, T> action) throws StoreException {
        return run(open -> {
            try (PreparedStatement statement = open.prepareStatement(sql)) {
                return action.on(statement);
            }
        });
    }

    private <T> T run(Action<Connection, T> action) throws StoreException {
        if (!hasTurn()) throw new StoreException("the database of series does not answer those before this one", null);
        try {
            if (connection == null) {
                connection = database.connect();
                connection.setAutoCommit(!writing);
            }
            return action.on(connection);
        } catch (SQLException e) {
            committed = System.nanoTime() - FRESH;
            close(); // its state is not known: the next call opens another
            throw new StoreException("the database of series failed: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the lock; false if the database hangs, so that a call does not wait for all calls before it. */
    private boolean hasTurn() {
        try {
            return lock.tryLock(TURN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (connection != null) connection.close();
        } catch (SQLException e) {
            // It is gone already.
        } finally {
            connection = null;
            lock.unlock();
        }
    }
}
