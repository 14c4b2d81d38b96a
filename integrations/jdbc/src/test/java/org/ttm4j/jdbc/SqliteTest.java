package org.ttm4j.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
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

    @Test
    void aDriverThatCannotBeLoadedIsAProblemOfTheDatabase() throws Exception {
        Path jar = folder.resolve("driver.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("META-INF/services/java.sql.Driver"));
            zip.write("no.such.Driver".getBytes(StandardCharsets.US_ASCII));
        }
        Database database = Database.of("jdbc:none:host").withDriver(jar);
        String message = assertThrows(DatabaseException.class, database::connect).getMessage();
        assertTrue(message.startsWith("cannot connect to jdbc:none:host: "), message);
    }
}
