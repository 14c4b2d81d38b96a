package org.ttm4j.jdbc;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ttm4j.ttm.fixtures.Promise;

/** The keys of the line that {@code integrations/jdbc/example} prints. */
class ExamplePromiseTest {
    @Test
    void theKeysStay() throws IOException {
        Promise.hold("example", Promise.keys(List.of(Example.line("duckdb 1.0", 1, 1, 0, 1, 1))));
    }
}
