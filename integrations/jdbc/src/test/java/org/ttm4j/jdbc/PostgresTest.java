package org.ttm4j.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.time.TimeOptions;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;

@Tag("server")
class PostgresTest extends DatabaseTest {
    private static PostgresServer server;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.startIfInstalled();
        Assumptions.assumeTrue(server != null, "skipped: PostgreSQL is not installed (apt-get install postgresql)");
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) server.remove();
    }

    private static Database database(String user, String password) {
        return Database.of(server.url()).withProperties(Map.of("user", user, "password", password));
    }

    @Override
    Connection connect() throws IOException {
        return database(PostgresServer.USER, PostgresServer.PASSWORD).connect();
    }

    @Override
    int series() {
        return 400;
    }

    @Test
    void theTableIsNotLoaded() throws Exception {
        // 400 million rows, of which 10,240 are read.
        String sql = "select (i / 512)::text, timestamp '2026-01-01' + (i % 512) * interval '1 hour', i::numeric "
                + "from (select generate_series(0, 400000000) as i) as endless";
        try (Connection connection = connect(); SeriesCursor cursor = new SeriesCursor(connection, sql)) {
            for (int i = 0; i < 20; i++) assertEquals(512, cursor.next().length());
        }
    }

    @Test
    void typesAndZonesAreThoseOfTheTable() throws Exception {
        execute("drop table if exists types, types_out",
                "create table types (id int, local timestamp, instant timestamptz, "
                        + "day date, words text, exact numeric(12, 3), single real, double double precision)",
                "insert into types select 1, timestamp '2026-03-20' + i * interval '1 day', "
                        + "(timestamp '2026-03-20' + i * interval '1 day') at time zone 'Europe/Berlin', "
                        + "date '2026-03-20' + i, to_char(date '2026-03-20' + i, 'YYYY-MM-DD'), "
                        + "nullif(i, 3) + 0.125, i, i from generate_series(0, 19) as i");
        TimeZone before = TimeZone.getDefault();
        try {
            // Neither the zone of the JVM nor that of the session shifts a time.
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
            TimeOptions berlin = TimeOptions.UNKNOWN.withZone(ZoneId.of("Europe/Berlin"));
            assertTimes("local", TimeOptions.UNKNOWN, "2026-03-20 00:00:00", "2026-04-09 00:00:00",
                    "2026-04-09 00:00:00");
            assertTimes("day", TimeOptions.UNKNOWN, "2026-03-20", "2026-04-09", "2026-04-09");
            assertTimes("words", TimeOptions.UNKNOWN, "2026-03-20", "2026-04-09", "2026-04-09");
            // The clock goes forward on 29 March, so that 20 days later midnight is an hour earlier in UTC.
            assertTimes("instant", berlin, "2026-03-20 00:00:00+01:00", "2026-04-09 00:00:00+02:00",
                    "2026-04-08 22:00:00+00");
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private void assertTimes(String column, TimeOptions options, String first, String next, String written)
            throws Exception {
        execute("drop table if exists types_out");
        try (Connection connection = connect();
                SeriesCursor cursor = new SeriesCursor(connection,
                        "select id, " + column + " as time, exact, single, double from types order by 1, 2", options);
                ForecastWriter writer = new ForecastWriter(connection, "types_out", cursor.columns())) {
            TimeSeries series = cursor.next();
            assertEquals("1", series.id());
            assertEquals(Frequency.ofMillis(86_400_000), series.axis().frequency());
            assertEquals(first, series.axis().labelAt(0));
            assertEquals(next, series.axis().labelAt(20));
            assertEquals(2.125f, series.channel(0)[2]);
            assertTrue(Float.isNaN(series.channel(0)[3]));
            assertEquals(19f, series.channel(1)[19]);
            writer.write(series, Forecaster.bundled().fast().forecast(series.values(), 5));
            writer.commit();
        }
        try (Connection connection = connect(); java.sql.Statement statement = connection.createStatement()) {
            statement.execute("set timezone to 'UTC'");
            try (java.sql.ResultSet result = statement
                    .executeQuery("select id, time::text from types_out order by time limit 1")) {
                assertTrue(result.next());
                assertEquals(1, result.getInt(1));
                assertEquals(written, result.getString(2));
            }
        }
    }

    @Test
    void aConnectionThatIsLostLeavesNoRow() throws Exception {
        fill(timeType());
        try (Connection connection = connect();
                SeriesCursor cursor = new SeriesCursor(connection, READINGS);
                Connection second = connect()) {
            ForecastWriter writer = new ForecastWriter(second, "forecasts", cursor.columns());
            ModelForecaster forecaster = Forecaster.bundled().fast();
            for (int i = 0; i < 100; i++) {
                TimeSeries series = cursor.next();
                writer.write(series, forecaster.forecast(series.values(), 24));
            }
            execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() "
                    + "and usename = 'ttm'");
            DatabaseException reading = assertThrows(DatabaseException.class, () -> {
                while (cursor.next() != null) continue;
            });
            assertTrue(reading.getMessage().startsWith("the query fails after "), reading.getMessage());
            DatabaseException writing = assertThrows(DatabaseException.class, writer::commit);
            assertTrue(writing.getMessage().startsWith("cannot write to forecasts: "), writing.getMessage());
        } catch (SQLException | DatabaseException closing) {
            // The connections are gone.
        }
        assertEquals(List.of("null|"), rows("select to_regclass('forecasts')"));
        assertEquals(series(), forecast(READINGS, "forecasts").series());
    }

    /** Existing tables with ids of other types than the query's. */
    @Test
    void idsAreOfTheTypeOfTheTableOrRefused() throws Exception {
        execute("drop table if exists flags", "drop table if exists uuids", "drop type if exists state",
                "create type state as enum ('on', 'off')",
                "create table flags (id state, time timestamptz, load real, primary key (id, time))",
                "create table uuids (id uuid, time timestamptz, load real, primary key (id, time))");
        String query = "select 'on' as id, timestamptz '2026-01-01' + h * interval '1 hour' as time, "
                + "sin(h / 4.0) as load from generate_series(0, 99) h order by 2";
        forecast(query, "flags");
        assertEquals(List.of("on|8|"), rows("select id, count(*) from flags group by 1"));
        DatabaseException error = assertThrows(DatabaseException.class, () -> forecast(query, "uuids"));
        assertEquals("cannot write to uuids: column id is of type uuid, which does not hold the id 'on'",
                error.getMessage());
        assertMessage("column load of the query is money: expected numbers; leave it out, or cast it",
                "select 'a' as id, now() as time, cast(1 as money) as load");
    }

    /** A numeric without a scale keeps the digits that each cell was written with; in SQL these are equal. */
    @Test
    void equalNumbersAreOneSeries() throws Exception {
        execute("drop table if exists scales, scales_out", "create table scales (id numeric, day date, n real)",
                "insert into scales select case i % 3 when 0 then 5.00 when 1 then 5 else 5.0 end, "
                        + "date '2026-01-01' + i, i from generate_series(0, 29) i",
                "insert into scales select 50, date '2026-01-01' + i, i from generate_series(0, 29) i");
        assertEquals(2, forecast("select id, day, n from scales order by 1, 2", "scales_out").series());
        assertEquals(List.of("5.00|8|", "50|8|"), rows("select id, count(*) from scales_out group by 1 order by 1"));
    }

    @Test
    void missingRightsAreSaid() throws Exception {
        fill(timeType());
        execute("drop role if exists reader", "create role reader login password 'lesen'",
                "grant select on readings to reader",
                "create table if not exists forecasts (id text, time timestamptz, load real, primary key (id, time))",
                "grant select on forecasts to reader");
        Database reader = database("reader", "lesen");
        for (String table : List.of("forecasts", "others")) {
            try (Connection connection = reader.connect();
                    SeriesCursor cursor = new SeriesCursor(connection, READINGS);
                    ForecastWriter writer = new ForecastWriter(connection, table, cursor.columns())) {
                DatabaseException error = assertThrows(DatabaseException.class,
                        () -> new TableForecast(Forecaster.bundled().fast(), request -> request).run(cursor, writer));
                assertTrue(error.getMessage().matches("cannot write to " + table + ": .*permission denied.*"),
                        error.getMessage());
            }
        }
        assertEquals(List.of("0|"), rows("select count(*) from forecasts"));
        execute("grant insert, update on forecasts to reader");
        try (Connection connection = reader.connect();
                SeriesCursor cursor = new SeriesCursor(connection, READINGS);
                ForecastWriter writer = new ForecastWriter(connection, "public.forecasts", cursor.columns())) {
            new TableForecast(Forecaster.bundled().fast(), request -> request.withHorizon(1)).run(cursor, writer);
        }
        assertEquals(List.of(series() + "|"), rows("select count(*) from forecasts"));
    }

    @Test
    void credentialsComeFromTheEnvironmentOrAFileAndAreNeverShown(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("db.properties"),
                "user=" + PostgresServer.USER + "\npassword=" + PostgresServer.PASSWORD + "\n");
        Database plain = Database.of(server.url());
        Map<String, String> environment = Map.of(Database.USER, PostgresServer.USER, Database.PASSWORD,
                PostgresServer.PASSWORD);
        plain.withEnvironment(environment).connect().close();
        plain.withEnvironment(Map.of(Database.CREDENTIALS, file.toString())).connect().close();
        plain.withCredentials(file).connect().close();

        String secret = "falsch-0815";
        List<Database> wrong = List.of(plain.withProperties(Map.of("user", "ttm", "password", secret)),
                Database.of(server.url() + "?user=ttm&password=" + secret),
                Database.of("jdbc:postgresql://ttm:" + secret + "@localhost:1/nowhere?sslpassword=" + secret),
                Database.of("jdbc:none:host?password=" + secret));
        for (Database database : wrong) {
            DatabaseException error = assertThrows(DatabaseException.class, database::connect);
            assertFalse(error.getMessage().contains(secret), error.getMessage());
            assertFalse(database.toString().contains(secret));
            assertNotNull(error.getMessage());
        }
        assertTrue(assertThrows(DatabaseException.class, wrong.get(0)::connect).getMessage()
                .startsWith("cannot connect to " + server.url() + ": "));
    }

    @Test
    void aServerThatStopsIsSaidAndNothingStays() throws Exception {
        fill(timeType());
        try (Connection connection = connect()) {
            SeriesCursor cursor = new SeriesCursor(connection, READINGS);
            ForecastWriter writer = new ForecastWriter(connection, "forecasts", cursor.columns());
            TimeSeries series = cursor.next();
            writer.write(series, Forecaster.bundled().fast().forecast(series.values()));
            server.stop();
            assertThrows(DatabaseException.class, writer::commit);
            DatabaseException refused = assertThrows(DatabaseException.class, this::connect);
            assertTrue(refused.getMessage().startsWith("cannot connect to " + server.url()), refused.getMessage());
        } finally {
            server.start();
        }
        assertEquals(List.of("null|"), rows("select to_regclass('forecasts')"));
    }
}
