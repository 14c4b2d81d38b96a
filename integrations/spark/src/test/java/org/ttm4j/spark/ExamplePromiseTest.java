package org.ttm4j.spark;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ttm4j.ttm.fixtures.Promise;

/** The keys of the line that {@code integrations/spark/example} prints. */
class ExamplePromiseTest {
    @Test
    void theKeysStay() throws IOException {
        Promise.hold("example", Promise.keys(List.of(Example.line("1.0", 1, 1, 0, 1, 1, 1))));
    }
}
