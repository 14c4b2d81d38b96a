package org.ttm4j.flink;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ttm4j.ttm.fixtures.Promise;

/** The keys of the line that {@code integrations/flink/example} prints. */
class ExamplePromiseTest {
    @Test
    void theKeysStay() throws IOException {
        Promise.hold("example", Promise.keys(List.of(FlinkExample.EXAMPLE.line(1, 1, 0, 1, 1, 1))));
    }
}
