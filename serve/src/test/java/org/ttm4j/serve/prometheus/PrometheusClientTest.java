package org.ttm4j.serve.prometheus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ttm4j.serve.settings.Settings.WatchSettings;

class PrometheusClientTest {
    private HttpServer server;
    private volatile String asked;
    private volatile String answer;
    private volatile int times = 1;
    private volatile CountDownLatch stalls;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/prefix/api/v1/query_range", exchange -> {
            asked = exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + URLDecoder.decode(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                            StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                if (stalls != null) {
                    out.write('{');
                    out.flush();
                    stalls.await(4, TimeUnit.SECONDS);
                }
                for (int i = 0; i < times; i++) out.write(answer.getBytes(StandardCharsets.UTF_8));
            } catch (IOException | InterruptedException gone) {
                // The client has read enough.
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Map<Map<String, String>, double[]> range(int most) throws IOException, InterruptedException {
        return range(most, Duration.ofMinutes(5));
    }

    private Map<Map<String, String>, double[]> range(int most, Duration patience)
            throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/prefix/");
        return new PrometheusClient(address, "secret", patience).range("rate(x{a=\"b+c\"}[5m])", 600, 3, 60,
                Set.of(Map.of("a", "third")), most);
    }

    @Test
    void valuesStandAtTheirSteps() throws Exception {
        answer = """
                {"status":"success","data":{"resultType":"matrix","result":[
                {"metric":{"__name__":"x","a":"ü\\"\\n"},"values":[[600,"1.5"],[720.0,"-3e2"]],"histograms":[[1,{}]]},
                {"metric":{},"values":[[660,"NaN"],[600,"+Inf"],[720,"7"],[900,"8"]]},
                {"metric":{"a":"third"},"values":[[660,"1"]]}]},"warnings":["w"]}""";
        Map<Map<String, String>, double[]> found = range(3);
        assertEquals("Bearer secret query=rate(x{a=\"b+c\"}[5m])&start=600.0&end=720.0&step=60.0", asked);
        assertEquals(3, found.size());
        assertArrayEquals(new double[]{1.5, Double.NaN, -300}, found.get(Map.of("__name__", "x", "a", "ü\"\n")));
        assertArrayEquals(new double[]{Double.NaN, Double.NaN, 7}, found.get(Map.of()));
        assertArrayEquals(new double[]{Double.NaN, 1, Double.NaN}, found.get(Map.of("a", "third")));
        found = range(2);
        assertNull(found.get(Map.of()), "there is room for one beside that which is known");
        assertArrayEquals(new double[]{Double.NaN, 1, Double.NaN}, found.get(Map.of("a", "third")));
    }

    private static String hourly(String label, long first, long last) {
        return series(label, first, last, 3600);
    }

    private static String series(String label, long first, long last, long step) {
        return "{\"metric\":{\"__name__\":\"x\",\"a\":\"" + label + "\"},\"values\":["
                + LongStream.rangeClosed(first, last)
                        .mapToObj(t -> "[" + t * step + ",\"" + t % 24 + "\"]")
                        .collect(Collectors.joining(","))
                + "]}";
    }

    private void answer(String... series) {
        answer = "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[" + String.join(",", series)
                + "]}}";
    }

    private Watch hourly(SimpleMeterRegistry metrics, int mostSeries) {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/prefix/");
        Duration hour = Duration.ofHours(1);
        return new Watch(new WatchSettings(address, null, List.of(new WatchSettings.Query(null, "x")), hour, hour, hour,
                List.of(), 0.9, mostSeries), metrics, failure -> {});
    }

    @Test
    void aSeriesThatIsWatchedStaysWhereMoreComeBeforeIt() throws Exception {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        try (Watch watch = hourly(metrics, 1)) {
            long end = System.currentTimeMillis() / 3_600_000;
            answer(hourly("old", end - 99, end));
            watch.read(end - 3);
            answer(hourly("new", end - 99, end), hourly("old", end - 99, end));
            for (long t = end - 2; t <= end; t++) watch.read(t);
            assertTrue(watch.text().contains("x:predicted{a=\"old\","), watch.text());
            assertEquals(1, metrics.get("ttm4j.watch.left.out").gauge().value());
        }
    }

    @Test
    void aSeriesThatHasHistogramsAloneMakesRoom() throws Exception {
        try (Watch watch = hourly(new SimpleMeterRegistry(), 1)) {
            long end = System.currentTimeMillis() / 3_600_000;
            answer(hourly("old", end - 99, end));
            watch.read(end - 3);
            answer(hourly("old", 1, 0).replace("values", "histograms"), hourly("new", end - 99, end));
            for (long t = end - 2; t <= end; t++) watch.read(t);
            assertTrue(watch.text().contains("x:predicted{a=\"new\","), watch.text());
        }
    }

    @Test
    void whatIsAnomalousIsNotSaidOfValuesThatAreOld() throws Exception {
        try (Watch watch = hourly(new SimpleMeterRegistry(), 9)) {
            long end = System.currentTimeMillis() / 3_600_000;
            answer(hourly("c", end - 99, end));
            watch.read(end - 3);
            assertFalse(watch.text().contains("x:anomalous{"), watch.text());
            for (long t = end - 2; t <= end; t++) watch.read(t);
            assertTrue(watch.text().contains("x:anomalous{"), watch.text());
        }
    }

    @Test
    void whatIsAnomalousIsSaidWhileTheNextAnswerIsAwaited() throws Exception {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/prefix/");
        Duration second = Duration.ofSeconds(1);
        try (Watch watch = new Watch(new WatchSettings(address, null, List.of(new WatchSettings.Query(null, "x")),
                second, second, Duration.ofMinutes(1), List.of(), 0.9, 9), new SimpleMeterRegistry(), failure -> {})) {
            long end = System.currentTimeMillis() / 1000;
            answer(series("c", end - 99, end + 99, 1));
            watch.read(end);
            answer = answer.substring(1);
            stalls = new CountDownLatch(1);
            watch.read(System.currentTimeMillis() / 1000);
            assertTrue(watch.text().contains("x:anomalous{"), "the answer took four seconds: " + watch.text());
        }
    }

    @Test
    void anAnswerThatDoesNotEndIsGivenUp() {
        answer = "";
        stalls = new CountDownLatch(1);
        assertEquals("the answer did not end within 2 s",
                assertThrows(IOException.class, () -> range(9, Duration.ofSeconds(2))).getMessage());
        stalls.countDown();
    }

    @Test
    void seriesWhoseLabelsCannotBeShownAreLeftOut() throws Exception {
        answer = """
                {"status":"success","data":{"resultType":"matrix","result":[
                {"metric":{"__name__":"x","a.b":"c"},"values":[[1,"1"]]},
                {"metric":{"__name__":"x","a":"c"},"values":[[1,"1"]]}]}}""";
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/prefix/");
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        Duration hour = Duration.ofHours(1);
        try (Watch watch = new Watch(new WatchSettings(address, null, List.of(new WatchSettings.Query(null, "x")), hour,
                hour, hour, List.of(), 0.9, 9), metrics, failure -> {})) {
            watch.start();
            while (metrics.get("ttm4j.watch.left.out").gauge().value() != 1) Thread.sleep(20);
            assertEquals(1, metrics.get("ttm4j.watch.series").gauge().value());
        }
    }

    @Test
    void whatIsWrongIsSaid() {
        answer = "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error at char 3\"}";
        assertEquals("parse error at char 3", assertThrows(IOException.class, () -> range(9)).getMessage());
        answer = "<html>a proxy</html>";
        assertTrue(assertThrows(IOException.class, () -> range(9)).getMessage().contains("no JSON of the HTTP API"));
        answer = "[1]";
        assertTrue(assertThrows(IOException.class, () -> range(9)).getMessage().contains("not that of the HTTP API"));
        answer = " ".repeat(1 << 20);
        times = 65;
        assertEquals("the answer has more than 64 MB: ask for fewer series",
                assertThrows(IOException.class, () -> range(9)).getMessage());
    }
}
