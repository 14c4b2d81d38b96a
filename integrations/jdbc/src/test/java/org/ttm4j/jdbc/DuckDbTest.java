package org.ttm4j.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
