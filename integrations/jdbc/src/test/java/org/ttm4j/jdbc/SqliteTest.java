package org.ttm4j.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteTest extends DatabaseTest {
    @TempDir
    Path folder;

    @Override
    Connection connect() throws IOException {
        return Database.of("jdbc:sqlite:" + folder.resolve("test.db")).connect();
    }

    @Override
    String timeType() {
        return "text";
    }

    @Test
    void timesAreTextAndStayInTheirForm() throws Exception {
        execute("create table days (day date, load)",
                "insert into days values ('2026-01-01', 1), ('2026-01-02', 2.5), "
                        + "('2026-01-03', 3), ('2026-01-04', 4)",
                "create table more (day text primary key, load real)");
        forecast("select day, load from days", "more");
        assertEquals(List.of("2026-01-05|", "2026-01-06|"), rows("select day from more order by 1 limit 2"));
    }
}
