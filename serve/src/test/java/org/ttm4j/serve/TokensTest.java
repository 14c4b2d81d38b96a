package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.serve.settings.Settings;

/** Clients that tokens of a file name, each within its limits. */
class TokensTest {
    private static final String STUDIO = "studio-0123456789abcdef";
    private static final String NIGHTLY = "nightly-0123456789abcdef";
    private static final String SERIES = "{\"values\":[1,2,3,4,5,6,7,8]}";
    private static final String SLOW = "# those who may call\n\nnightly " + NIGHTLY + " rate=0.01 burst=2 # slowly\n";

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("tokens"), text);
    }

    private static String studio(String limits) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(STUDIO.getBytes(StandardCharsets.UTF_8));
        return "studio sha256:" + HexFormat.of().formatHex(digest) + " " + limits + "\n";
    }

    private static HttpResponse<String> get(Service service, String path, String token) throws Exception {
        return service.send(service.request(path).header("Authorization", "Bearer " + token));
    }

    private static HttpResponse<String> forecast(Service service, String body) throws Exception {
        return service.send(service.request("/v1/forecast")
                .header("Authorization", "Bearer " + STUDIO)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    @Test
    void eachClientHasItsLimitsAndIsToldWhichItMeets() throws Exception {
        Settings settings = Settings.defaults().withTokenFile(file(studio("series=1 runs=100") + SLOW));
        try (Service service = new Service(settings)) {
            assertEquals(401, get(service, "/metrics", "another-0123456789abcdef").statusCode());
            for (int i = 0; i < 2; i++) assertEquals(200, get(service, "/v2", NIGHTLY).statusCode());
            HttpResponse<String> refused = get(service, "/v2", NIGHTLY);
            assertEquals(429, refused.statusCode());
            int wait = Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow());
            assertTrue(wait > 80 && wait <= 100, wait + " s");
            assertTrue(refused.body().contains("expected of nightly at most 0.01 requests a second, and 2 at once"),
                    refused.body());
            assertEquals(204, get(service, "/health/live", NIGHTLY).statusCode());
            for (int i = 0; i < 20; i++) assertEquals(200, get(service, "/v2", STUDIO).statusCode());

            service.server.awaitReady();
            assertEquals(200, forecast(service, "{\"mode\":\"fast\",\"series\":[" + SERIES + "]}").statusCode());
            HttpResponse<String> two = forecast(service,
                    "{\"mode\":\"fast\",\"series\":[" + SERIES + "," + SERIES + "]}");
            assertEquals(413, two.statusCode());
            assertTrue(two.body().contains("expected of studio at most 1 series in a request, found 2"), two.body());
            HttpResponse<String> large = forecast(service,
                    "{\"mode\":\"fast\",\"horizon\":10000,\"series\":[" + SERIES + "]}");
            assertTrue(large.body().contains("expected of studio at most 100 runs of the model"), large.body());

            String metrics = get(service, "/metrics", STUDIO).body();
            assertTrue(metrics.contains("ttm4j_client_requests_total{client=\"nightly\"} 3.0"), metrics);
            assertTrue(metrics.contains("ttm4j_client_refused_total{client=\"nightly\"} 1.0"), metrics);
            assertTrue(metrics.contains("ttm4j_client_refused_total{client=\"studio\"} 2.0"), metrics);
            assertTrue(metrics.matches("(?s).*ttm4j_client_runs_total\\{client=\"studio\"} [1-9].*"), metrics);
            String log = service.log.toString(StandardCharsets.UTF_8);
            assertTrue(log.contains("\"client\":\"nightly\""), log);
            assertFalse((log + metrics).contains("0123456789abcdef"), "a token is told");
        }
    }

    private static HttpResponse<String> backtest(Service service, String token, String query) throws Exception {
        StringBuilder table = new StringBuilder("time,load\n");
        for (int t = 0; t < 1500; t++) {
            table.append(LocalDateTime.of(2024, 1, 1, 0, 0).plusHours(t)).append(',').append(t % 24).append('\n');
        }
        return service.send(service.request("/v1/backtests?" + query)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(table.toString())));
    }

    @Test
    void jobsAreOfTheirClientAndWithinItsLimits() throws Exception {
        Settings settings = Settings.defaults().withTokenFile(file(studio("") + "nightly " + NIGHTLY + " runs=1000\n"));
        try (Service service = new Service(settings)) {
            service.server.awaitReady();
            HttpResponse<String> large = backtest(service, NIGHTLY, "mode=best&stride=1");
            assertEquals(413, large.statusCode());
            assertTrue(large.body().contains("expected of nightly at most 1000 runs of the model"), large.body());
            String own = "";
            for (int i = 0; i < 4; i++) {
                HttpResponse<String> started = backtest(service, STUDIO, "mode=best&stride=1");
                assertEquals(202, started.statusCode(), started.body());
                own = started.headers().firstValue("Location").orElseThrow();
            }
            HttpResponse<String> fifth = backtest(service, STUDIO, "mode=best&stride=1");
            assertEquals(429, fifth.statusCode());
            assertEquals("10", fifth.headers().firstValue("Retry-After").orElseThrow());
            assertEquals(202, backtest(service, NIGHTLY, "mode=fast&stride=200").statusCode());
            assertEquals(200, get(service, own, STUDIO).statusCode());
            assertEquals(404, get(service, own, NIGHTLY).statusCode());
            assertEquals(404, get(service, own + "/events", NIGHTLY).statusCode());
            HttpResponse<String> deleted = service
                    .send(service.request(own).header("Authorization", "Bearer " + NIGHTLY).DELETE());
            assertEquals(404, deleted.statusCode());
        }
    }

    @Test
    void runsOfAJobAreCounted() throws Exception {
        try (Service service = new Service(Settings.defaults().withTokenFile(file(studio("") + SLOW)))) {
            service.server.awaitReady();
            assertEquals(202, backtest(service, STUDIO, "mode=fast&stride=200").statusCode());
            while (!get(service, "/metrics", STUDIO).body()
                    .matches("(?s).*ttm4j_client_runs_total\\{client=\"studio\"} [1-9].*"))
                Thread.sleep(50);
        }
    }

    @Test
    void theFileIsReadAnewWhenItChanges() throws Exception {
        Path file = file(SLOW);
        try (Service service = new Service(Settings.defaults().withTokenFile(file))) {
            assertEquals(401, get(service, "/v2", STUDIO).statusCode());
            file(studio("") + SLOW);
            while (get(service, "/v2", STUDIO).statusCode() == 401) Thread.sleep(100);
            assertEquals(200, get(service, "/v2", NIGHTLY).statusCode());
            file("studio\n");
            while (!service.log.toString(StandardCharsets.UTF_8).contains("tokens:1: expected at least")) {
                assertEquals(200, get(service, "/v2", STUDIO).statusCode());
                Thread.sleep(100);
            }
            assertEquals(200, get(service, "/v2", STUDIO).statusCode());
            file(STUDIO + "\n");
            while (get(service, "/v2", NIGHTLY).statusCode() != 401) Thread.sleep(100);
            assertEquals(200, get(service, "/v2", STUDIO).statusCode());
        }
    }

    @Test
    @Tag("process")
    void aPipeIsNotReadAnew() throws Exception {
        Path file = file(studio(""));
        try (Service service = new Service(Settings.defaults().withTokenFile(file))) {
            assertEquals(200, get(service, "/v2", STUDIO).statusCode());
            Files.delete(file);
            new ProcessBuilder("mkfifo", file.toString()).start().waitFor();
            Thread.sleep(1100);
            assertTimeoutPreemptively(Duration.ofSeconds(20),
                    () -> assertEquals(200, get(service, "/v2", STUDIO).statusCode(), "a pipe would be read for ever"));
        }
    }

    /** As files of one token were written before there were names. */
    @Test
    void aFileOfOneTokenNamesNobody() throws Exception {
        try (Service service = new Service(Settings.defaults().withTokenFile(file("  " + STUDIO + "\n")))) {
            assertEquals(401, service.get("/metrics").statusCode());
            assertFalse(get(service, "/metrics", STUDIO).body().contains("{client="));
            assertFalse(service.log.toString(StandardCharsets.UTF_8).contains("\"client\""));
        }
    }

    /** A script whose variable is not set makes the digest of nothing, or sets nothing as the token. */
    @Test
    void nothingIsNoToken() throws Exception {
        Path nothing = file("studio sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n");
        for (Settings settings : new Settings[]{Settings.defaults().withTokenFile(nothing),
                Settings.defaults().withAccess("", false, null)}) {
            try (Service service = new Service(settings)) {
                assertEquals(401, service.get("/v2").statusCode());
                assertEquals(401, get(service, "/v2", "").statusCode());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"abc, 1: expected at least 16 printable", "a short, 1: expected a token of at least 16",
            "a/b 0123456789abcdef, 1: expected a name", "a sha256:12, 1: expected sha256: and 64 hexadecimal digits",
            "a 0123456789abcdef rate=0, 1: expected limits such as",
            "a 0123456789abcdef many, 1: expected limits such as",
            "a 0123456789abcdef series=1.5, 1: expected limits such as",
            "a 0123456789abcdef rate=0.0, 1: expected limits such as",
            "a 0123456789abcdef burst=3, 1: expected a rate"})
    void aLineAtFaultIsNamed(String text, String message) throws Exception {
        Settings settings = Settings.defaults().withTokenFile(file(text));
        IOException e = assertThrows(IOException.class, () -> new Service(settings));
        assertTrue(e.getMessage().contains("tokens:" + message), e.getMessage());
        assertFalse(e.getMessage().contains("0123456789abcdef"), e.getMessage());
        file("a 0123456789abcdef\na 0123456789abcdeg\n");
        assertTrue(assertThrows(IOException.class, () -> new Service(settings)).getMessage()
                .contains("tokens:2: expected another name"));
    }
}
