package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Background;
import org.ttm4j.serve.settings.Settings.WatchSettings;

/** Forecasts beside a real Prometheus, which has a week of two disks: one of them has begun to fill. */
@Tag("server")
class WatchTest {
    private static final Path MONITORING = Path.of("monitoring").toAbsolutePath();
    private static final long STEP = 600;
    private static final int STEPS = 1008;
    private static final double GB = 1e9;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private int port;
    private int ofService;
    private Process prometheus;

    @BeforeEach
    void requirePrometheus() throws IOException {
        for (String program : new String[]{"prometheus", "promtool"}) {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)),
                    "skipped: there is no /usr/bin/" + program + " (Debian's package prometheus)");
        }
        port = freePort();
        ofService = freePort();
    }

    @AfterEach
    void stop() {
        if (prometheus != null) prometheus.destroyForcibly().onExit().join();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void promtool(Path directory, String... arguments) throws Exception {
        Process process = new ProcessBuilder(arguments).directory(directory.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    @Test
    void theRulesPassTheirTests() throws Exception {
        promtool(MONITORING, "promtool", "test", "rules", "forecast-rules-test.yml");
    }

    /** Full in three and a half hours, at 4 GB an hour for twenty hours; the other keeps its daily cycle. */
    private void history() throws Exception {
        // A watch that starts after the end of this step would find no value of the next one to judge.
        long left = STEP * 1000L - System.currentTimeMillis() % (STEP * 1000L);
        if (left < 90_000) Thread.sleep(left);
        Random random = new Random(1);
        long end = System.currentTimeMillis() / 1000 / STEP;
        StringBuilder metrics = new StringBuilder();
        for (String name : List.of("avail", "size")) {
            metrics.append("# TYPE node_filesystem_").append(name).append("_bytes gauge\n");
            for (String disk : List.of("sda", "sdb")) {
                for (int i = STEPS - 1; i >= 0; i--) {
                    double fills = 14 * GB + 4 * GB * Math.min(20, i / 6.0);
                    double stays = 40 * GB + 5 * GB * Math.sin((end - i) * Math.PI / 72);
                    double value = name.equals("size")
                            ? 100 * GB
                            : (disk.equals("sda") ? fills : stays) + 0.2 * GB * random.nextGaussian();
                    metrics.append("node_filesystem_")
                            .append(name)
                            .append("_bytes{instance=\"a\",job=\"node\",device=\"");
                    metrics.append(disk).append("\",mountpoint=\"/").append(disk).append("\"} ").append(value);
                    metrics.append(' ').append((end - i) * STEP).append('\n');
                }
            }
        }
        Files.writeString(folder.resolve("week.txt"), metrics.append("# EOF\n"));
        promtool(folder, "promtool", "tsdb", "create-blocks-from", "openmetrics", "week.txt", "data");
    }

    private void startPrometheus() throws Exception {
        Files.writeString(folder.resolve("rules.yml"),
                Files.readString(MONITORING.resolve("forecast-rules.yml")).replace("for: 5m", "for: 0s"));
        Files.writeString(folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: [rules.yml]
                scrape_configs:
                  - job_name: forecasts
                    honor_labels: true
                    static_configs: [{targets: ["127.0.0.1:%d"]}]
                """.formatted(ofService));
        prometheus = new ProcessBuilder("prometheus", "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"), "--web.listen-address=127.0.0.1:" + port,
                "--storage.tsdb.retention.time=30d").redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
    }

    private ForecastServer startWatch() throws IOException {
        WatchSettings.Query query = new WatchSettings.Query(null, "node_filesystem_avail_bytes");
        WatchSettings watch = new WatchSettings(URI.create("http://127.0.0.1:" + port), null, List.of(query),
                Duration.ofSeconds(STEP), Duration.ofSeconds(STEP), Duration.ofHours(4), List.of(Duration.ofHours(4)),
                0.99, 10);
        return ForecastServer.start(
                Settings.defaults()
                        .withAddress("127.0.0.1", ofService)
                        .withBackground(new Background(null, List.of(), null, watch)),
                new PrintStream(OutputStream.nullOutputStream()));
    }

    private JsonNode query(String text) throws IOException, InterruptedException {
        String uri = "http://127.0.0.1:" + port + "/api/v1/query?query="
                + URLEncoder.encode(text, StandardCharsets.UTF_8);
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(uri)).build(),
                HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(answer.body()).at("/data/result");
    }

    /** Waits until a query has so many series. */
    private JsonNode await(String text, int series) throws Exception {
        JsonNode result = null;
        for (long end = System.nanoTime() + Duration.ofMinutes(4).toNanos(); System.nanoTime() < end;) {
            try {
                result = query(text);
                if (result.size() == series) return result;
            } catch (IOException startsOrStops) {
                // Asked again.
            }
            Thread.sleep(200);
        }
        return fail(text + ": " + result + "\n" + Files.readString(folder.resolve("prometheus.log")));
    }

    @Test
    void aDiskThatFillsIsAnnouncedHoursBeforeAndAcrossRestarts() throws Exception {
        String predicted = "{__name__=\"node_filesystem_avail_bytes:predicted\"";
        String alerts = "ALERTS{alertname=\"FullWithinFourHours\",alertstate=\"firing\"}";
        history();
        startPrometheus();
        await("vector(1)", 1);
        try (ForecastServer first = startWatch()) {
            assertEquals(ofService, first.port());
            JsonNode now = await(predicted + ",ml_ahead=\"\"}", 6);
            TreeSet<String> kept = new TreeSet<>();
            for (JsonNode one : now) {
                assertEquals("a node", one.at("/metric/instance").asText() + " " + one.at("/metric/job").asText());
                kept.add(one.at("/metric/device").asText() + " " + one.at("/metric/ml_forecast").asText());
            }
            assertEquals(new TreeSet<>(List.of("sda yhat", "sda yhat_lower", "sda yhat_upper", "sdb yhat",
                    "sdb yhat_lower", "sdb yhat_upper")), kept);
            assertEquals(6, await(predicted + ",ml_ahead=\"4h\"}", 6).size());
            for (JsonNode one : await("{__name__=\"node_filesystem_avail_bytes:anomalous\"}", 2)) {
                assertTrue(List.of("-1", "0", "1").contains(one.at("/value/1").asText()), one.toString());
            }
            JsonNode full = await(alerts, 1);
            assertEquals("/sda", full.at("/0/metric/mountpoint").asText());
        }
        // Without the watch, the alert stays.
        for (int i = 0; i < 10; i++) {
            assertEquals(1, await(alerts, 1).size());
            Thread.sleep(300);
        }
        try (ForecastServer second = startWatch()) {
            await(predicted + ",ml_ahead=\"4h\"}", 6);
            await(alerts, 1);
            prometheus.destroyForcibly().onExit().join();
            startPrometheus();
            await("up{job=\"forecasts\"} == 1", 1);
            await(predicted + ",ml_ahead=\"4h\"}", 6);
            await(alerts, 1);
            // Scraped, the forecasts of both runs are of the same series, from before the first restart on.
            assertEquals(6, await("count_over_time(" + predicted + ",ml_ahead=\"4h\"}[10m]) > 3", 6).size());
            assertEquals(ofService, second.port());
        }
    }
}
