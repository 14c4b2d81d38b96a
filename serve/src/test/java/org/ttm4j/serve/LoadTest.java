package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Batching;

/** Requests that ask for much: what is refused before it is computed, and how others fare meanwhile. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoadTest {
    private static final String SHORT = "{\"series\":[{\"values\":[1,2,3,4,5,6,7,8]}],\"mode\":\"fast\"}";

    private static String body(int series, int steps, String options) {
        String values = String.join(",", Collections.nCopies(steps / 4, "1,2,3,5"));
        return "{\"series\":[" + String.join(",", Collections.nCopies(series, "{\"values\":[" + values + "]}")) + "],"
                + options + "}";
    }

    private static void assertTooLarge(String detail, String body) throws Exception {
        HttpResponse<String> refused = Service.shared().post("/v1/forecast", body);
        assertEquals(413, refused.statusCode(), refused.body());
        assertTrue(refused.body().contains(detail), refused.body());
    }

    @Test
    void quantilesThatNobodyNamesCountInTheSizeOfAnAnswer() throws Exception {
        assertTooLarge("found 2000000", body(20, 8, "\"horizon\":10000"));
    }

    @Test
    void theRunsOfAModelAreCountedBeforeTheyAreMade() throws Exception {
        assertTooLarge("runs of the model", body(400, 400, "\"horizon\":1000,\"mode\":\"best\",\"quantiles\":[0.5]"));
    }

    private static double metric(Service service, String name) throws Exception {
        for (String line : service.get("/metrics").body().split("\n")) {
            if (line.startsWith(name + " ")) return Double.parseDouble(line.substring(name.length() + 1));
        }
        return Double.NaN;
    }

    @Test
    void aLargeRequestDelaysOthersLittleAndEndsWithItsClient() throws Exception {
        Batching one = new Batching(1, 4, Duration.ZERO, 128, Duration.ofMillis(1));
        try (Service service = new Service(Settings.defaults().withBatches(one))) {
            service.server.awaitReady();
            String large = body(100, 512, "\"horizon\":10000,\"mode\":\"fast\"");
            try (Socket client = new Socket("127.0.0.1", service.server.port())) {
                OutputStream out = client.getOutputStream();
                out.write(("POST /v1/forecast HTTP/1.1\r\nHost: 127.0.0.1:" + service.server.port()
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + large.length() + "\r\n\r\n"
                        + large).getBytes(StandardCharsets.UTF_8));
                out.flush();
                while (!(metric(service, "ttm4j_batch_size_count") > 0)) Thread.sleep(1);
                assertTrue(metric(service, "ttm4j_queue_length") > 4);
                assertEquals(200, service.post("/v1/forecast", SHORT).statusCode());
            }
            while (!service.log.toString(StandardCharsets.UTF_8).contains("\"status\":499")) Thread.sleep(1);
            assertEquals(200, service.post("/v1/forecast", SHORT).statusCode());
            double made = metric(service, "ttm4j_batch_size_sum");
            assertTrue(made < 100, made + " series");
        }
    }

    @Test
    void anAnswerThatIsTakenSlowlyHoldsItsOwnBytesAlone() throws Exception {
        try (Service service = new Service(Settings.defaults())) {
            service.server.awaitReady();
            String large = body(100, 512, "\"horizon\":10000,\"mode\":\"fast\"");
            try (Socket client = new Socket("127.0.0.1", service.server.port())) {
                client.getOutputStream()
                        .write(("POST /v1/forecast HTTP/1.1\r\nHost: 127.0.0.1:" + service.server.port()
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + large.length() + "\r\n\r\n"
                                + large).getBytes(StandardCharsets.UTF_8));
                assertEquals('H', client.getInputStream().read());
                double held = metric(service, "ttm4j_memory_held_bytes");
                assertTrue(held > 10e6 && held < 60e6, held + " bytes");
            }
        }
    }

    @Test
    void aSearchForAnomaliesTakesTurnsAndEndsWithItsClient() throws Exception {
        Batching one = new Batching(1, 4, Duration.ZERO, 128, Duration.ofMinutes(1));
        try (Service service = new Service(Settings.defaults().withBatches(one))) {
            service.server.awaitReady();
            String table = "load\n" + "1\n2\n3\n5\n".repeat(1000);
            try (Socket client = new Socket("127.0.0.1", service.server.port())) {
                OutputStream out = client.getOutputStream();
                out.write(("POST /v1/anomalies HTTP/1.1\r\nHost: 127.0.0.1:" + service.server.port()
                        + "\r\nContent-Type: text/csv\r\nContent-Length: " + table.length() + "\r\n\r\n" + table)
                        .getBytes(StandardCharsets.UTF_8));
                out.flush();
                while (!(metric(service, "ttm4j_batch_size_count") > 2)) Thread.sleep(1);
                assertEquals(200, service.post("/v1/forecast", SHORT).statusCode());
            }
            while (!service.log.toString(StandardCharsets.UTF_8).contains("/v1/anomalies")) Thread.sleep(1);
            double made = metric(service, "ttm4j_batch_size_sum");
            assertTrue(made < 400, made + " series");
        }
    }
}
