package org.ttm4j.serve.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.ttm4j.serve.settings.Settings.WatchSettings;

class WatchFailureTest {
    @Test
    void anAddressWithoutAPrometheusIsSaidInASentence() throws Exception {
        URI address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
        Duration step = Duration.ofMinutes(10);
        WatchSettings settings = new WatchSettings(address, null, List.of(new WatchSettings.Query(null, "up")), step,
                step, Duration.ofHours(1), List.of(), 0.99, 10);
        BlockingQueue<String> log = new LinkedBlockingQueue<>();
        try (Watch watch = new Watch(settings, new SimpleMeterRegistry(), log::add)) {
            watch.start();
            assertEquals("query up of " + address + ": cannot connect; is a Prometheus running there?", log.take());
        }
    }
}
