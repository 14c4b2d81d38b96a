package org.ttm4j.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.Forecaster;

class DuckDbTest extends DatabaseTest {
    @TempDir
    Path folder;

    @Override
    Connection connect() throws IOException {
        return Database.of("jdbc:duckdb:" + folder.resolve("test.duckdb")).connect();
    }

    @Override
    boolean readsWhileItWrites() {
        return false;
    }

    @Test
    void parquetFilesAreTables() throws Exception {
        Path parquet = folder.resolve("readings.parquet");
        execute("copy (select 'a' as id, timestamp '2026-01-01' + to_hours(i) as time, "
                + "cast(sin(i) as decimal(9, 4)) as load from (select unnest(generate_series(0, 99)) as i)) to '"
                + parquet + "' (format parquet)");
        TableForecast.Result result = forecast("select id, time, load from '" + parquet + "' order by id, time",
                "forecasts");
        assertEquals(1, result.series());
        assertEquals(List.of("a|2026-01-05 04:00:00.0|", "a|2026-01-05 05:00:00.0|"),
                rows("select id, time from forecasts order by 2 limit 2").stream().toList());
    }

    /** Sums of whole numbers are wider than any of Java's. */
    @Test
    void sumsAreNumbers() throws Exception {
        execute("create table visits as select 'a' as id, date '2026-01-01' + cast(i as integer) as day, "
                + "cast(i as integer) as n from (select unnest(generate_series(0, 29)) as i)");
        forecast("select id, day, sum(n) as n, cast(sum(n) as ubigint) as m from visits group by 1, 2 order by 1, 2",
                "sums");
        assertEquals(List.of("8|"), rows("select count(*) from sums where n is not null and m is not null"));
        forecast("select cast(18446744073709551615 as ubigint) as id, day, n from visits order by 2", "wide");
        assertEquals(List.of("18446744073709551615|8|"), rows("select id, count(*) from wide group by 1"));
    }

    /** Not those of DuckDB's numeric, which rounds to three decimals and so would make one id of two. */
    @Test
    void idsAreWrittenAsTheyAre() throws Exception {
        String days = ", date '2026-01-01' + cast(i as integer) as day, cast(i as integer) as n "
                + "from (select unnest(generate_series(0, 29)) as i)";
        execute("create table sold as select cast(5 as decimal(10, 2)) as id" + days,
                "insert into sold select 6.5" + days,
                "create table fine as select cast(0.12341 as decimal(9, 5)) as id" + days,
                "insert into fine select 0.12342" + days,
                "create table vast as select cast('123456789012345678901234567890' as decimal(38, 0)) as id" + days,
                "create table real_ids as select cast(0.12345 as double) as id" + days);
        String query = "select id, day, n from %s order by 1, 2";
        for (String table : List.of("sold", "fine", "vast", "real_ids")) {
            forecast(query.formatted(table), table + "_out");
            String ids = " group by id order by id";
            assertEquals(rows("select id, 8 from " + table + ids),
                    rows("select id, count(*) from " + table + "_out" + ids));
        }
        // An existing table of whole numbers holds the same ids, and refuses others.
        execute("create table whole (id integer, day date, n real, primary key (id, day))");
        forecast("select id, day, n from sold where id = 5 order by 2", "whole");
        assertEquals(List.of("5|8|"), rows("select id, count(*) from whole group by 1"));
        String message = assertThrows(DatabaseException.class, () -> forecast(query.formatted("sold"), "whole"))
                .getMessage();
        assertTrue(message.contains("column id is of type INTEGER, which does not hold the id '6.50'"), message);
    }

    @Test
    void aDatabaseWithoutUpsertIsRefusedBeforeItIsChanged() throws Exception {
        execute("create table any_hours as select timestamp '2026-01-01' + to_hours(i) as time, sin(i) as load "
                + "from (select unnest(generate_series(0, 99)) as i)");
        try (Connection reading = connect();
                SeriesCursor cursor = new SeriesCursor(reading, "select time, load from any_hours order by 1")) {
            // Anything but the name would be a NullPointerException.
            DatabaseMetaData h2 = (DatabaseMetaData) Proxy.newProxyInstance(getClass().getClassLoader(),
                    new Class<?>[]{DatabaseMetaData.class},
                    (self, method, arguments) -> method.getName().equals("getDatabaseProductName") ? "H2" : null);
            Connection other = (Connection) Proxy.newProxyInstance(getClass().getClassLoader(),
                    new Class<?>[]{Connection.class},
                    (self, method, arguments) -> method.getName().equals("getMetaData") ? h2 : null);
            TimeSeries series = cursor.next();
            Forecast forecast = Forecaster.bundled().fast().forecast(series.values(), 5);
            assertEquals("cannot write to out: H2 has no insert … on conflict; expected PostgreSQL, DuckDB or SQLite",
                    assertThrows(DatabaseException.class,
                            () -> new ForecastWriter(other, "out", cursor.columns()).write(series, forecast))
                            .getMessage());
        }
    }

    /** Or the steps of a day would come to one row. */
    @Test
    void aDateDoesNotHoldATimeOfDay() throws Exception {
        execute("create table hours as select timestamp '2026-01-01' + to_hours(i) as time, sin(i) as load "
                + "from (select unnest(generate_series(0, 99)) as i)",
                "create table days (time date primary key, load real)");
        DatabaseException error = assertThrows(DatabaseException.class,
                () -> forecast("select time, load from hours order by 1", "days"));
        assertTrue(
                error.getMessage()
                        .contains("column time is of type DATE, which does not hold the time " + "'2026-01-05T04:00'"),
                error.getMessage());
        assertEquals(List.of("0|"), rows("select count(*) from days"));
        // The first step of the forecast is at midnight: a caller who goes on does not keep it.
        try (Connection reading = connect();
                Connection writing = connect();
                SeriesCursor cursor = new SeriesCursor(reading,
                        "select time, load from hours where time < '2026-01-05' order by 1");
                ForecastWriter writer = new ForecastWriter(writing, "days", cursor.columns())) {
            TimeSeries series = cursor.next();
            Forecast forecast = Forecaster.bundled().fast().forecast(series.values(), 5);
            assertThrows(DatabaseException.class, () -> writer.write(series, forecast));
            assertEquals("nothing is written to days: a forecast was rejected",
                    assertThrows(DatabaseException.class, writer::commit).getMessage());
        }
        assertEquals(List.of("0|"), rows("select count(*) from days"));
    }
}
