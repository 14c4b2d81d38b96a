package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.StoreSettings;

/** The dashboard and the rules of {@code monitoring}, with a real Prometheus that scrapes a real service. */
@Tag("server")
class MonitoringTest {
    private static final Path MONITORING = Path.of("monitoring").toAbsolutePath();
    private static final String TOKEN = "prometheus-0123456789abcdef";

    @TempDir
    static Path folder;

    @BeforeAll
    static void requirePrometheus() {
        for (String program : new String[]{"prometheus", "promtool"}) {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)),
                    "skipped: there is no /usr/bin/" + program + " (Debian's package prometheus)");
        }
    }

    private static void promtool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).directory(MONITORING.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    @Test
    void theRulesPassTheirTests() throws Exception {
        promtool("check", "config", "prometheus.yml");
        promtool("test", "rules", "rules-test.yml");
    }

    @Test
    void everyQueryOfTheDashboardReturnsSeries() throws Exception {
        Path tokens = Files.writeString(folder.resolve("tokens"), "prometheus " + TOKEN + "\n");
        Settings settings = Settings.defaults()
                .withTokenFile(tokens)
                .withStore(StoreSettings.file(folder.resolve("series.mv")));
        try (Service service = new Service(settings)) {
            service.server.awaitReady();
            int port = freePort();
            Path config = Files.writeString(folder.resolve("prometheus.yml"),
                    Files.readString(MONITORING.resolve("prometheus.yml"))
                            .replace("rules.yml", MONITORING.resolve("rules.yml").toString())
                            .replace("# authorization: {credentials_file: token}",
                                    "authorization: {credentials: " + TOKEN + "}")
                            .replace("15s", "1s")
                            .replace("127.0.0.1:8080", "127.0.0.1:" + service.server.port()));
            Process prometheus = new ProcessBuilder("prometheus", "--config.file=" + config,
                    "--storage.tsdb.path=" + folder.resolve("data"), "--web.listen-address=127.0.0.1:" + port)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("prometheus.log").toFile())
                    .start();
            try {
                askAll(service, port);
            } finally {
                prometheus.destroy();
                prometheus.waitFor();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void askAll(Service service, int port) throws Exception {
        List<String> queries = queries();
        for (int i = 0; !queries.isEmpty(); i++) {
            forecast(service, i);
            Thread.sleep(500);
            // It need not listen yet, and rates need two values.
            List<String> without = new ArrayList<>();
            for (String query : queries) if (count(port, query) == 0) without.add(query);
            queries = without;
        }
        assertEquals(0, count(port, "ALERTS{alertstate=\"firing\"}"));
        assertEquals(1, count(port, "up{job=\"ttm4j\"} == 1"));
    }

    /** As Grafana fills them in, whose interval of rates is at least four scrapes. */
    private static List<String> queries() throws IOException {
        JsonNode dashboard = Service.JSON.readTree(MONITORING.resolve("dashboard.json").toFile());
        List<String> queries = new ArrayList<>();
        for (JsonNode panel : dashboard.get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(
                        target.get("expr").textValue().replace("$instance", ".*").replace("$__rate_interval", "1m"));
            }
        }
        assertFalse(queries.size() < 20, queries.toString());
        return queries;
    }

    /** Another series each time: one that is known already is not forecast. */
    private static void forecast(Service service, int last) throws Exception {
        HttpResponse<String> answer = service.send(service.request("/v1/forecast")
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers
                        .ofString("{\"series\":[{\"values\":[1,2,3,4,5,6,7," + last + "]}],\"horizon\":2}")));
        assertEquals(200, answer.statusCode(), answer.body());
    }

    private static int count(int port, String query) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/query?query="
                            + URLEncoder.encode(query, StandardCharsets.UTF_8))).build(),
                    HttpResponse.BodyHandlers.ofString());
            // 503 while it starts.
            if (answer.statusCode() == 503) return 0;
            assertEquals(200, answer.statusCode(), answer.body());
            int values = 0;
            for (JsonNode one : Service.json(answer).at("/data/result")) {
                if (!one.at("/value/1").textValue().equals("NaN")) values++;
            }
            return values;
        } catch (java.net.ConnectException starting) {
            return 0;
        }
    }
}
