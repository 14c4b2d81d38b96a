package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.serve.http.Route;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.StoreSettings;

/** What is scraped is small, explained and true. */
class MetricsTest {
    private static final int MOST_BYTES = 25_000;
    private static final String SERIES = "{\"values\":[1,2,3,4,5,6,7,8]}";
    private static final Map<String, String> BODIES = Map.of("POST /v1/forecast",
            "{\"series\":[" + SERIES + "],\"horizon\":2,\"mode\":\"fast\"}", "PUT /v1/series/{id}",
            "{\"frequency\":\"PT1H\",\"horizon\":2,\"mode\":\"fast\"}", "POST /v1/series/{id}/values",
            "{\"values\":[{\"time\":\"2024-01-01T00:00:00Z\",\"value\":1},{\"time\":\"2024-01-01T08:00:00Z\",\"value\":2}]}",
            "POST /v1/anomalies", "time,load\n2024-01-01,1\n2024-01-02,2\n", "infer",
            "{\"inputs\":[{\"name\":\"series\",\"datatype\":\"FP32\",\"shape\":[1,8],\"data\":[1,2,3,4,5,6,7,8]}]}");

    @TempDir
    static Path folder;

    /** Sends a request that a route answers, and lets the answers that go on be. */
    private static int send(Service service, Route route) throws Exception {
        String key = route.method() + " " + route.path();
        String path = route.path()
                .replace("{id}", "a")
                .replace("{version}", "1")
                .replace("{name}", route.path().contains("repository") ? "96-24" : "default");
        String body = BODIES.getOrDefault(route.path().endsWith("infer") ? "infer" : key, "{}");
        var request = service.request(path)
                .method(route.method(),
                        route.method().equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", body.startsWith("{") ? "application/json" : "text/csv");
        HttpResponse<java.io.InputStream> answer = service.sendForStream(request);
        try (var in = answer.body()) {
            if (!route.path().endsWith("/events")) in.readAllBytes();
        }
        return answer.statusCode();
    }

    @Test
    void aThousandRequestsToAllRoutesLeaveLittleToScrape(TestReporter reporter) throws Exception {
        Settings settings = Settings.defaults().withStore(StoreSettings.file(folder.resolve("series.mv")));
        try (Service service = new Service(settings)) {
            service.server.awaitReady();
            // Series are put before they are asked for, and deleted last.
            List<Route> routes = service.server.routes().stream().sorted((a, b) -> rank(a) - rank(b)).toList();
            for (int sent = 0; sent < 1000;) {
                for (Route route : routes) {
                    // To load a model takes a second.
                    if (route.path().endsWith("load") && sent > routes.size()) continue;
                    int status = send(service, route);
                    assertTrue(status < 500, () -> route + ": " + service.log);
                    sent++;
                }
            }
            String metrics = service.get("/metrics").body();
            int size = metrics.getBytes(StandardCharsets.UTF_8).length;
            reporter.publishEntry("bytes", Integer.toString(size));
            assertTrue(size <= MOST_BYTES, size + " bytes");
            requireAll(metrics);
        }
    }

    private static int rank(Route route) {
        return switch (route.method()) {
            case "PUT" -> -2;
            case "DELETE" -> 1;
            default -> route.path().endsWith("/values") ? -1 : 0;
        };
    }

    /** Every name that was recorded is there, and every metric says what it is. */
    private static void requireAll(String metrics) throws IOException {
        Set<String> names = names(metrics, "(?m)^(\\w+)[{ ]");
        for (String promised : Files.readAllLines(Path.of("src/test/resources/promise/metrics.txt"))) {
            String name = promised.replaceAll("\\{.*", "");
            assertTrue(names.contains(name), name + " is gone");
        }
        assertEquals(names(metrics, "(?m)^# TYPE (\\w+) "), names(metrics, "(?m)^# HELP (\\w+) \\S"));
    }

    private static Set<String> names(String metrics, String pattern) {
        return Pattern.compile(pattern)
                .matcher(metrics)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
    }
}
