package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.ttm4j.serve.settings.Settings;

class StopTest {
    @Test
    void aServiceThatIsStoppedBeforeItIsWarmLoadsNoMore() throws Exception {
        Service service = new Service(Settings.defaults());
        service.close();
        IOException stopped = assertThrows(IOException.class,
                () -> assertTimeoutPreemptively(Duration.ofMinutes(1), service.server::awaitReady));
        assertEquals("the service is stopping", stopped.getMessage());
        assertEquals("", service.log.toString(StandardCharsets.UTF_8));
    }
}
