package org.ttm4j.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    }
}
