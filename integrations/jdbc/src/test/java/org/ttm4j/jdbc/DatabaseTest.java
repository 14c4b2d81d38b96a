package org.ttm4j.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;

/** What holds in every database. */
abstract class DatabaseTest {
    static final int LENGTH = 64;
    static final String READINGS = "select id, time, load from readings order by id, time";

    /** A new connection. */
    abstract Connection connect() throws IOException;

    /** Whether one connection can read and write at a time. */
    boolean readsWhileItWrites() {
        return true;
    }

    /** How many series a table has: enough for several statements of 500 rows of forecasts each. */
    int series() {
        return 250;
    }

    /** The type of the time column. */
    String timeType() {
        return "timestamp with time zone";
    }

    void execute(String... statements) throws SQLException, IOException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            for (String sql : statements) statement.execute(sql);
        }
    }

    /** Every series has a level, a day and a week of its own, and series 7 has a gap. */
    static float value(int series, int hour) {
        return (float) (series + 10 * Math.sin(hour * Math.PI / 12 + series) + hour % 7);
    }

    void fill(String type) throws SQLException, IOException {
        fill(type, series());
    }

    /** Readings of so many series, and no forecasts. */
    void fill(String type, int count) throws SQLException, IOException {
        execute("drop table if exists readings", "drop table if exists forecasts",
                "create table readings (id text, time " + type + ", load real)");
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            String row = "(?, cast(? as " + type + "), ?)";
            try (PreparedStatement insert = connection
                    .prepareStatement("insert into readings values " + (row + ", ").repeat(LENGTH - 1) + row)) {
                for (int series = 0; series < count; series++) {
                    for (int hour = 0; hour < LENGTH; hour++) {
                        insert.setString(hour * 3 + 1, id(series));
                        insert.setString(hour * 3 + 2, time(hour));
                        if (series == 7 && hour == 9) insert.setNull(hour * 3 + 3, java.sql.Types.REAL);
                        else insert.setFloat(hour * 3 + 3, value(series, hour));
                    }
                    insert.executeUpdate();
                }
            }
            connection.commit();
        }
    }

    static String id(int series) {
        return String.format(java.util.Locale.ROOT, "meter %04d", series);
    }

    static String time(int hour) {
        return String.format(java.util.Locale.ROOT, "2026-01-%02d %02d:00:00+00:00", 1 + hour / 24, hour % 24);
    }

    TableForecast.Result forecast(String query, String table) throws IOException, SQLException {
        return forecast(Forecaster.bundled().fast(), query, table, 8);
    }

    TableForecast.Result forecast(Forecaster forecaster, String query, String table, int horizon)
            throws IOException, SQLException {
        TableForecast job = new TableForecast(forecaster, request -> request.withHorizon(horizon));
        try (Connection reading = connect();
                Connection writing = readsWhileItWrites() ? null : connect();
                SeriesCursor cursor = new SeriesCursor(reading, query);
                ForecastWriter writer = new ForecastWriter(writing == null ? reading : writing, table,
                        cursor.columns())) {
            return job.run(cursor, writer);
        }
    }

    List<String> rows(String sql) throws SQLException, IOException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.append(result.getString(i)).append('|');
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    /** A counter in steps of 5, whose forecast has the digits of that of the series from 0 on. */
    @Test
    void aLargeCounterKeepsItsDigits() throws Exception {
        double[][] forecasts = new double[2][];
        for (int i = 0; i < 2; i++) {
            execute("drop table if exists counter", "drop table if exists counted",
                    "create table counter (time " + timeType() + ", meter double precision)");
            long first = i * 1_000_000_000L;
            execute(IntStream.range(0, LENGTH)
                    .mapToObj(hour -> "(cast('" + time(hour) + "' as " + timeType() + "), "
                            + (first + 5 * hour + hour % 3) + ")")
                    .collect(Collectors.joining(", ", "insert into counter values ", "")));
            forecast("select time, meter from counter order by time", "counted");
            forecasts[i] = rows("select meter from counted order by time").stream()
                    .mapToDouble(row -> Double.parseDouble(row.replace("|", "")))
                    .toArray();
        }
        assertEquals(8, forecasts[0].length);
        for (int t = 0; t < 8; t++) assertEquals(forecasts[0][t], forecasts[1][t] - 1e9, 1e-3);
    }

    @Test
    void allSeriesForecastTwiceLeaveTheSameTableAndTheForecastersOwnNumbers() throws Exception {
        fill(timeType());
        ModelForecaster forecaster = Forecaster.bundled().fast();
        TableForecast.Result result = forecast(READINGS, "forecasts");
        assertEquals(series(), result.series());
        assertEquals(series() * 8, result.rows());
        assertEquals(List.of(), result.problems());
        List<String> once = rows("select * from forecasts order by 1, 2");
        assertEquals(series() * 8, once.size());
        forecast(READINGS, "forecasts");
        assertEquals(once, rows("select * from forecasts order by 1, 2"));

        try (Connection connection = connect();
                SeriesCursor back = new SeriesCursor(connection, "select * from forecasts order by 1, 2")) {
            for (int series = 0; series < series(); series++) {
                float[] history = new float[LENGTH];
                for (int hour = 0; hour < LENGTH; hour++) history[hour] = value(series, hour);
                if (series == 7) history[9] = Float.NaN;
                Forecast direct = forecaster.forecast(ForecastRequest.of(new float[][]{history})
                        .withFrequency(java.time.Duration.ofHours(1))
                        .withHorizon(8));
                TimeSeries written = back.next();
                assertEquals(id(series), written.id());
                assertEquals(java.time.Instant.parse("2026-01-03T16:00:00Z").toEpochMilli(), written.axis().start());
                for (int step = 0; step < 8; step++) {
                    assertEquals(direct.values()[0][step], written.channel(0)[step], 0f, id(series));
                }
            }
            assertNull(back.next());
        }
    }

    @Test
    void aSeriesWhoseRowsDoNotStandTogetherIsAnError() throws Exception {
        execute("drop table if exists apart", "create table apart (id text, time " + timeType() + ", load real)",
                "insert into apart values ('a', '2026-01-01 00:00:00+00:00', 1), ('b', '2026-01-01 00:00:00+00:00', 2), "
                        + "('a', '2026-01-01 01:00:00+00:00', 3), ('b', '2026-01-01 01:00:00+00:00', 4)");
        try (Connection connection = connect();
                SeriesCursor cursor = new SeriesCursor(connection,
                        "select id, time, load from apart order by time, id")) {
            assertThrows(DataException.class, cursor::next); // one row
            assertThrows(DataException.class, cursor::next);
            DatabaseException error = assertThrows(DatabaseException.class, cursor::next);
            assertEquals("row 3 of the query: series 'a' comes again after others; let the query end with "
                    + "order by id, time", error.getMessage());
        }
        try (Connection connection = connect();
                SeriesCursor cursor = new SeriesCursor(connection, "select id, time, load from apart order by id")) {
            assertEquals(2, cursor.next().length());
            assertEquals(2, cursor.next().length());
        }
    }

    @Test
    void aRowThatTheTableRefusesLeavesNoRow() throws Exception {
        fill(timeType());
        // The forecasts of the first meters are below, so that batches were sent before one is refused.
        execute("create table forecasts (id text, time " + timeType()
                + ", load real check (load < 200), primary key (id, time))");
        DatabaseException error = assertThrows(DatabaseException.class, () -> forecast(READINGS, "forecasts"));
        assertTrue(error.getMessage().startsWith("cannot write to forecasts: "), error.getMessage());
        assertEquals(List.of("0|"), rows("select count(*) from forecasts"));
    }

    @Test
    void whatCannotBeReadIsNamed() throws Exception {
        fill(timeType(), 10);
        execute("insert into readings values ('timeless', null, 1)");
        assertMessage("the query fails: .*nonsense.*", "select nonsense from readings");
        assertMessage("the query returns no rows: expected a select|the query fails: .*",
                "delete from readings where 1 = 0");
        assertMessage("expected a query of the columns id, time, value \\(or time, value\\), found 1 column",
                "select id from readings");
        assertMessage("column id of the query is .*: expected numbers; leave it out, or cast it",
                "select id, time, id from readings");
        assertMessage("row 1 of the query, column id: expected the id of a series, found none",
                "select '' as id, time, load from readings");
        assertMessage("row 1 of the query, column time: expected a time, found NULL",
                "select id, time, load from readings where id = 'timeless'");
        assertMessage("row 1 of the query, column load: expected a number that a float can hold",
                "select id, time, load * cast(1e300 as double precision) as load from readings where load > 1");
    }

    /** What the caller writes next would be lost, and in PostgreSQL no other query would run. */
    @Test
    void aQueryThatCannotBeReadLeavesTheConnectionAsItWas() throws Exception {
        fill(timeType(), 10);
        for (String query : List.of("select nonsense from readings", "select id from readings",
                "delete from readings where 1 = 0")) {
            try (Connection connection = connect()) {
                assertThrows(DatabaseException.class, () -> new SeriesCursor(connection, query));
                assertTrue(connection.getAutoCommit(), query);
                connection.setAutoCommit(false);
                assertThrows(DatabaseException.class, () -> new SeriesCursor(connection, query));
                assertFalse(connection.getAutoCommit(), "the transaction is the caller's");
            }
        }
    }

    void assertMessage(String pattern, String sql) throws SQLException, IOException {
        try (Connection connection = connect()) {
            DatabaseException error = assertThrows(DatabaseException.class, () -> {
                try (SeriesCursor cursor = new SeriesCursor(connection, sql)) {
                    cursor.next();
                }
            });
            assertTrue(error.getMessage().matches(pattern), error.getMessage());
        }
    }

    /** What was forecast with quantiles before, and is forecast without now. */
    @Test
    void aRowThatIsOverwrittenKeepsNoQuantileOfAnEarlierForecast() throws Exception {
        execute("drop table if exists few", "drop table if exists fewer",
                "create table few (id text, time " + timeType() + ", load real)");
        execute(IntStream.range(0, LENGTH)
                .mapToObj(hour -> "insert into few values ('a', '" + time(hour) + "', " + value(1, hour) + ")")
                .toArray(String[]::new));
        String query = "select id, time, load from few order by id, time";
        TimeSeries series;
        SeriesColumns columns;
        try (Connection connection = connect(); SeriesCursor cursor = new SeriesCursor(connection, query)) {
            series = cursor.next();
            columns = cursor.columns();
        }
        try (Connection connection = connect()) {
            try (ForecastWriter writer = new ForecastWriter(connection, "fewer", columns, 0.1, 0.9)) {
                writer.write(series,
                        Forecaster.bundled()
                                .fast()
                                .forecast(ForecastRequest.of(series.values()).withHorizon(8).withQuantiles(0.1, 0.9)));
                writer.commit();
            }
            assertTrue(connection.getAutoCommit(), "what the caller writes next would be lost");
        }
        assertEquals(List.of("8|"), rows("select count(*) from fewer where \"load.q0.1\" is not null"));
        forecast(query, "fewer");
        assertEquals(List.of("8|"),
                rows("select count(*) from fewer where \"load.q0.1\" is null and load is not null"));
    }

    @Test
    void aRowWithoutAValueAtTheEndIsForecast() throws Exception {
        fill(timeType(), 1);
        String minute = "substr(cast(time as varchar), 1, 16)";
        String isLast = " where " + minute + " = (select max(" + minute + ") from readings)";
        execute("update readings set load = null" + isLast);
        forecast(READINGS, "forecasts");
        assertEquals(List.of("1|"), rows("select count(*) from forecasts" + isLast));
    }

    @Test
    void aColumnOfNullsIsForecastAsZeroAndSaidToBe() throws Exception {
        fill(timeType(), 2);
        TableForecast.Result result = forecast(
                "select id, time, load, case when id < 'meter 0001' then load end as flow from readings order by 1, 2",
                "forecasts");
        assertEquals(List.of("channel flow: nothing observed in the history of 1 series; forecast as 0"),
                result.notes());
        assertEquals(List.of("8|"), rows("select count(*) from forecasts where flow = 0"));
    }

    @Test
    void aQueryWithoutRowsIsNoErrorOfTheTable() throws Exception {
        fill(timeType(), 10);
        TableForecast.Result none = forecast("select id, time, load from readings where 1 = 0", "forecasts");
        assertEquals(0, none.series());
        assertEquals(0, none.rows());
    }

    @Test
    void columnsThatAnExistingTableLacksAreNamed() throws Exception {
        fill(timeType(), 10);
        execute("create table forecasts (id text, time " + timeType() + ", primary key (id, time))");
        DatabaseException error = assertThrows(DatabaseException.class, () -> forecast(READINGS, "forecasts"));
        assertTrue(error.getMessage().contains("load"), error.getMessage());
        DatabaseException name = assertThrows(DatabaseException.class,
                () -> forecast(READINGS, "forecasts; drop table x"));
        assertEquals("expected the name of a table, such as forecasts or plant.forecasts, found "
                + "'forecasts; drop table x'", name.getMessage());
    }
}
