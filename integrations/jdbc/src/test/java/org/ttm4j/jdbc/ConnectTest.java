package org.ttm4j.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a connection that cannot be made says; the drivers of PostgreSQL, DuckDB and SQLite are on the class path. */
class ConnectTest {
    /** The driver says that it does not accept its own URL, and only when it is to connect why. */
    @ParameterizedTest
    @CsvSource({"jdbc:postgresql://127.0.0.1/plan%t, jdbc:postgresql://127.0.0.1/plan%t",
            "jdbc:postgresql://127.0.0.1/plant?password=Sec%ret, jdbc:postgresql://127.0.0.1/plant",
            "jdbc:postgresql://127.0.0.1:Secret/plant, jdbc:postgresql:…"})
    void aUrlThatTheDriverDoesNotTakeIsRefusedInTheDriversWords(String url, String shown) {
        assertEquals("the driver does not take " + shown + ": Unable to parse URL " + shown,
                assertThrows(DatabaseException.class, Database.of(url)::connect).getMessage());
    }

    @Test
    void aUrlOfNoDriverSaysSo() {
        assertEquals("no driver for jdbc:none:host on the class path; name the jar of the driver",
                assertThrows(DatabaseException.class, Database.of("jdbc:none:host")::connect).getMessage());
    }

    @Test
    void aDatabaseThatRefusesIsNamed() {
        Database nobody = Database.of("jdbc:postgresql://127.0.0.1:1/plant")
                .withProperties(Map.of("password", "Secret"));
        String message = assertThrows(DatabaseException.class, nobody::connect).getMessage();
        assertEquals("cannot connect to jdbc:postgresql://127.0.0.1:1/plant", message.split(": Connection")[0]);
    }

    /** All ids of a table are in memory, with each batch of series. */
    @Test
    void anIdOfUnboundedLengthIsRefused() throws Exception {
        String sql = "select printf('%%0%dd', %d) as meter, '2026-01-0' || (1 + i) as day, i as load "
                + "from (select 0 as i union all select 1) order by 1, 2";
        try (Connection connection = Database.of("jdbc:sqlite:").connect()) {
            try (SeriesCursor cursor = new SeriesCursor(connection, String.format(sql, 1000, 7))) {
                assertEquals(1000, cursor.next().id().length());
            }
            try (SeriesCursor cursor = new SeriesCursor(connection, String.format(sql, 20_000, 7))) {
                DatabaseException error = assertThrows(DatabaseException.class, cursor::next);
                assertEquals(
                        "row 1 of the query, column meter: expected an id of at most 1000 characters, found one of "
                                + "20000",
                        error.getMessage());
            }
        }
    }
}
