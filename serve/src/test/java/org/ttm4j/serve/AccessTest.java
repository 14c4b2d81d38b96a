package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Batching;

/** Who may call, what is said of it, and how the service starts and stops. */
class AccessTest {
    private static final String SHORT = "{\"series\":[{\"values\":[1,2,3,4,5,6,7,8]}],\"horizon\":2,\"mode\":\"fast\"}";

    @Test
    void anAddressThatOthersReachNeedsATokenOrConsent() {
        Settings open = Settings.defaults().withAddress("0.0.0.0", 0);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> ForecastServer.start(open, System.err).close());
        assertTrue(e.getMessage().contains("a token is needed"), e.getMessage());
    }

    @Test
    void withATokenEveryRequestNeedsItButHealth() throws Exception {
        try (Service service = new Service(Settings.defaults().withAccess("s3cret", false, "https://example.org"))) {
            assertEquals(204, service.get("/health/live").statusCode());
            HttpResponse<String> without = service.get("/metrics");
            assertEquals(401, without.statusCode());
            assertEquals("Bearer", without.headers().firstValue("WWW-Authenticate").orElse(""));
            for (String wrong : new String[]{"Bearer s3cre", "Bearer s3cret2", "Basic s3cret", "s3cret", "Bearer"}) {
                assertEquals(401, service.send(service.request("/metrics").header("Authorization", wrong)).statusCode(),
                        wrong);
            }
            assertEquals(200,
                    service.send(service.request("/metrics").header("Authorization", "bearer s3cret")).statusCode());
            HttpResponse<String> other = service
                    .send(service.request("/health/live").header("Origin", "https://example.com"));
            assertEquals(403, other.statusCode());
            assertTrue(other.body().contains("--cors"), other.body());
            HttpResponse<String> preflight = service.send(service.request("/v1/forecast")
                    .header("Origin", "https://example.org")
                    .header("Access-Control-Request-Method", "POST")
                    .method("OPTIONS", BodyPublishers.noBody()));
            assertEquals(204, preflight.statusCode());
            assertEquals("https://example.org",
                    preflight.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
            assertTrue(preflight.headers()
                    .firstValue("Access-Control-Allow-Headers")
                    .orElse("")
                    .contains("Inference-Header-Content-Length, Mcp-Protocol-Version"));
        }
    }

    @Test
    void whatIsNotThereAndWhatIsNotDone() throws Exception {
        Service service = Service.shared();
        assertEquals(404, service.get("/nothing").statusCode());
        HttpResponse<String> method = service.get("/v1/forecast");
        assertEquals(405, method.statusCode());
        assertEquals("POST", method.headers().firstValue("Allow").orElse(""));
        assertEquals(405,
                service.send(service.request("/metrics").method("TRACE", BodyPublishers.noBody())).statusCode());
    }

    @Test
    void requestsHaveIdsInAnswerAndLog() throws Exception {
        Service service = Service.shared();
        HttpResponse<String> response = service.send(service.request("/v1/forecast")
                .header("X-Request-Id", "trace-7")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(SHORT)));
        assertEquals("trace-7", response.headers().firstValue("X-Request-Id").orElse(""));
        JsonNode line = null;
        for (int i = 0; i < 100 && line == null; i++) {
            for (String one : service.log.toString(StandardCharsets.UTF_8).split("\n")) {
                if (one.contains("trace-7")) line = Service.JSON.readTree(one);
            }
            Thread.sleep(10);
        }
        assertEquals(200, line.get("status").intValue());
        assertEquals("/v1/forecast", line.get("path").textValue());
        assertEquals(1, line.get("series").intValue());
        assertTrue(line.get("ms").doubleValue() > 0);
        String evil = service.send(service.request("/health/live").header("X-Request-Id", "a b;c"))
                .headers()
                .firstValue("X-Request-Id")
                .orElse("");
        assertEquals(36, evil.length());
    }

    @Test
    void metricsCountRequestsBatchesAndKernels() throws Exception {
        Service service = Service.shared();
        service.post("/v1/forecast", SHORT);
        String metrics = service.get("/metrics").body();
        assertTrue(
                metrics.contains(
                        "ttm4j_http_requests_seconds_bucket{method=\"POST\",route=\"/v1/forecast\",status=\"200\""),
                metrics);
        assertTrue(metrics.contains("ttm4j_batch_size_count"), metrics);
        assertTrue(metrics.contains("ttm4j_queue_length"), metrics);
        assertTrue(
                metrics.matches("(?s).*ttm4j_model_loaded\\{kernels=\"(vector|scalar)\",model=\"default\"\\} 1\\.0.*"),
                metrics);
    }

    @Test
    void itIsReadyOnceWarm() throws Exception {
        // With several models, and at once, as the first requests are to come before it is.
        Service service = new Service(Settings.defaults().withModels(Set.of("1536-96", "180-60", "96-24"), Map.of()));
        HttpResponse<byte[]> early = service.sendForBytes(service.request("/health/ready"));
        HttpResponse<byte[]> forecast = service.sendForBytes(service.request("/v1/forecast")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(SHORT)));
        assertEquals(503, early.statusCode());
        assertEquals("1", early.headers().firstValue("Retry-After").orElse(""));
        assertEquals(503, forecast.statusCode());
        service.server.awaitReady();
        assertEquals(204, service.get("/health/ready").statusCode());
        assertEquals(200, service.post("/v1/forecast", SHORT).statusCode());
        service.close();
        service.server.awaitStop();
        assertThrows(java.io.IOException.class, () -> Service.shared().send(service.request("/health/live")));
    }

    @Test
    void whatHasBegunIsAnsweredWhileItStops() throws Exception {
        Service service = new Service(
                Settings.defaults().withBatches(new Batching(1, 1, Duration.ZERO, 1, Duration.ofSeconds(1))));
        service.server.awaitReady();
        CompletableFuture<HttpResponse<String>> begun = begin(service, 100);
        CompletableFuture<Void> stop = CompletableFuture.runAsync(service.server::close);
        HttpResponse<String> ready;
        do
            ready = service.get("/health/ready");
        while (ready.statusCode() == 204);
        assertEquals(503, ready.statusCode());
        assertTrue(ready.body().contains("stopping"), ready.body());
        assertEquals(503, service.post("/v1/forecast", SHORT).statusCode());
        HttpResponse<String> answer = begun.join();
        assertEquals(200, answer.statusCode());
        assertEquals(100, Service.json(answer).get("forecasts").size());
        stop.join();
        service.close();
    }

    /** Asks for forecasts of so many series, and waits until they are in the queue. */
    private static CompletableFuture<HttpResponse<String>> begin(Service service, int count) throws Exception {
        String series = "{\"values\":[1,2,3,4,5,6,7,8]}";
        String many = "{\"series\":[" + String.join(",", Collections.nCopies(count, series)) + "],\"mode\":\"best\"}";
        CompletableFuture<HttpResponse<String>> all = CompletableFuture.supplyAsync(() -> {
            try {
                return service.post("/v1/forecast", many);
            } catch (java.io.IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (service.get("/metrics").body().contains("ttm4j_queue_length 0.0")) Thread.sleep(1);
        return all;
    }

    @Test
    void beyondItsCapacityItRefusesAtOnceAndSaysWhenToTryAgain() throws Exception {
        Batching one = new Batching(1, 1, Duration.ZERO, 1, Duration.ofSeconds(1));
        try (Service service = new Service(Settings.defaults().withBatches(one))) {
            service.server.awaitReady();
            CompletableFuture<HttpResponse<String>> all = begin(service, 200);
            HttpResponse<String> refused = service.post("/v1/forecast", SHORT);
            assertEquals(429, refused.statusCode(), refused.body());
            assertTrue(Integer.parseInt(refused.headers().firstValue("Retry-After").orElse("")) >= 1);
            assertEquals("urn:ttm4j:problem:too-many-requests", Service.json(refused).get("type").textValue());
            assertEquals(200, all.join().statusCode());
            assertEquals(200, service.post("/v1/forecast", SHORT).statusCode());
        }
    }
}
