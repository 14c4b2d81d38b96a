package org.ttm4j.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {
    @ParameterizedTest
    @CsvSource({"jdbc:postgresql://host:5432/plant?user=me&password=Secret, jdbc:postgresql://host:5432/plant",
            "'jdbc:postgresql://h1:1,h2:2/plant?password=Sec@Secret', 'jdbc:postgresql://h1:1,h2:2/plant'",
            "jdbc:postgresql://[::1]:5432/plant, jdbc:postgresql://[::1]:5432/plant",
            "jdbc:mysql://plant:Wr0ng/Sec@Secret@localhost/plant, jdbc:mysql://localhost/plant",
            "jdbc:mysql://plant:Secret?Secret@localhost/plant, jdbc:mysql:…",
            "jdbc:oracle:thin:scott/Secret@//localhost:1521/x, jdbc:oracle:thin://localhost:1521/x",
            "jdbc:sqlserver://host;user=me;password=Secret, jdbc:sqlserver://host",
            "jdbc:duckdb:data/me@host.db, jdbc:duckdb:data/me@host.db",
            "jdbc:oracle:oci:scott/Secret@db, jdbc:oracle:oci:db", "jdbc:none:host, jdbc:none:host"})
    void ofAUrlOnlyWhatIsNoSecretIsShown(String url, String shown) {
        assertEquals(shown, Database.Secrets.bare(url));
        String hidden = Database.Secrets.hide("the driver says " + url, url, new Properties());
        assertFalse(hidden.contains("Secret"), hidden);
    }
}
