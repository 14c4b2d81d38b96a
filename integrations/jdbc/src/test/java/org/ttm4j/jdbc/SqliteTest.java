package org.ttm4j.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.data.time.TimeOptions;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.fixtures.OneForecast;

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
    void withoutOptionsTheForecastIsThatOfEveryDoor() throws Exception {
        execute("create table one (time text, load real)", "create table forecasts (time text primary key, load real)");
        double[] history = OneForecast.history();
        execute(IntStream.range(0, history.length)
                .mapToObj(t -> "insert into one values ('" + OneForecast.START.plusHours(t) + "', " + history[t] + ")")
                .toArray(String[]::new));
        forecast(Forecaster.bundled(), "select time, load from one", "forecasts", OneForecast.HORIZON);
        OneForecast.assertSame(rows("select load from forecasts order by time").stream()
                .mapToDouble(row -> Double.parseDouble(row.replace("|", "")))
                .toArray(), "JDBC");
    }

    /** By local times, 2:00 comes twice on the last Sunday of October: there is one row of it, and those after it. */
    @Test
    void theHourThatComesTwiceHasOneRow() throws Exception {
        execute("create table local (time text, load real)");
        for (int t = 0; t < 48; t++) {
            execute("insert into local values ('" + LocalDateTime.of(2026, 10, 23, 0, 0).plusHours(t) + "', " + t % 24
                    + ")");
        }
        try (Connection connection = connect();
                SeriesCursor cursor = new SeriesCursor(connection, "select time, load from local",
                        TimeOptions.UNKNOWN.withZone(ZoneId.of("Europe/Berlin")));
                ForecastWriter writer = new ForecastWriter(connection, "autumn", cursor.columns())) {
            new TableForecast(Forecaster.bundled().fast(), request -> request.withHorizon(6)).run(cursor, writer);
        }
        assertEquals(IntStream.range(0, 5).mapToObj(h -> "2026-10-25T0" + h + ":00|").toList(),
                rows("select time from autumn order by time"));
    }

    /** A column may hold what it is not declared to hold. */
    @Test
    void aTextAmongNumbersIsNamedAndNotReadAsZero() throws Exception {
        execute("create table mixed (day text, load real)",
                "insert into mixed values ('2026-01-01', 1), ('2026-01-02', '14,33'), ('2026-01-03', 3)");
        String message = assertThrows(IOException.class, () -> forecast("select day, load from mixed", "none"))
                .getMessage();
        assertTrue(message.contains("row 2") && message.contains("load") && message.contains("14,33"), message);
    }

    /** The format is that of the first time, which is a midnight, or a full minute. */
    @Test
    void timesHaveAsMuchOfTheTimeOfDayAsTheyTake() throws Exception {
        execute("create table hours (time text, load real)",
                "insert into hours values ('2026-01-01', 1), ('2026-01-01 12:00:00', 2), ('2026-01-02', 3), "
                        + "('2026-01-02 12:00:00', 4)",
                "create table seconds (time text, load real)",
                "insert into seconds values ('2026-01-01T10:00', 1), ('2026-01-01T10:00:30', 2), "
                        + "('2026-01-01T10:01', 3), ('2026-01-01T10:01:30', 4)",
                "create table half (time text primary key, load real)",
                "create table fine (time text primary key, load real)");
        forecast("select time, load from hours", "half");
        assertEquals(List.of("2026-01-03|", "2026-01-03 12:00:00|", "2026-01-04|"),
                rows("select time from half order by 1 limit 3"));
        forecast("select time, load from seconds", "fine");
        execute("update seconds set time = time || 'Z'", "create table zoned (time text primary key, load real)");
        forecast("select time, load from seconds", "zoned");
        assertEquals(List.of("2026-01-01T10:02:30Z|", "2026-01-01T10:02Z|"), // a colon is before a Z
                rows("select time from zoned order by 1 limit 2"));
        assertEquals(List.of("2026-01-01T10:02|", "2026-01-01T10:02:30|", "2026-01-01T10:03|"),
                rows("select time from fine order by 1 limit 3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Z", "+00:00", "+02:00", "-03:30", "+00"})
    void timesAreWrittenWithTheOffsetThatTheyHave(String offset) throws Exception {
        execute("create table zoned (time text, load real)", "create table offsets (time text primary key, load real)");
        for (int t = 0; t < 4; t++)
            execute("insert into zoned values ('2026-01-0" + (1 + t) + " 00:00:00" + offset + "', " + t + ")");
        forecast("select time, load from zoned", "offsets");
        assertEquals(List.of("2026-01-05 00:00:00" + offset + "|"),
                rows("select time from offsets order by 1 limit 1"));
    }

    /** A class of the class path may be of another version, as those that the service shares with H2 are. */
    @Test
    void aDriverThatItsJarDoesNotHaveIsAProblemOfTheDatabase() throws Exception {
        Path jar = folder.resolve("driver.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("META-INF/services/java.sql.Driver"));
            zip.write("org.sqlite.JDBC".getBytes(StandardCharsets.US_ASCII));
        }
        Database database = Database.of("jdbc:sqlite:").withDriver(jar);
        String message = assertThrows(DatabaseException.class, database::connect).getMessage();
        assertTrue(message.startsWith("cannot connect to jdbc:sqlite:: "), message);
    }
}
