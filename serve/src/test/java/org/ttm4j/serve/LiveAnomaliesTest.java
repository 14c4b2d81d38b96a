package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Background;
import org.ttm4j.serve.settings.Settings.StoreSettings;

/** Values of kept series that are judged as they arrive. */
class LiveAnomaliesTest {
    private static final OffsetDateTime START = OffsetDateTime.parse("2024-01-01T00:00:00Z");
    private static final BlockingQueue<String> RECEIVED = new LinkedBlockingQueue<>();

    @TempDir
    static Path folder;
    private static HttpServer hook;
    private static Service service;

    @BeforeAll
    static void start() throws Exception {
        hook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hook.createContext("/", exchange -> {
            RECEIVED.add(new String(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        hook.start();
        URI address = URI.create("http://127.0.0.1:" + hook.getAddress().getPort() + "/");
        service = new Service(Settings.defaults()
                .withStore(StoreSettings.file(folder.resolve("series.mv")))
                .withBackground(new Background(null, List.of(address), "secret", null)));
        service.server.awaitReady();
    }

    @AfterAll
    static void stop() {
        service.close();
        hook.stop(0);
    }

    private static void put(String id, String more) throws Exception {
        assertEquals(201,
                service.send(service.request("/v1/series/" + id)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString("{\"frequency\":\"PT1H\",\"horizon\":4" + more + "}")))
                        .statusCode());
    }

    private static void add(String id, int from, int to, int unusual) throws Exception {
        String values = IntStream.range(from, to)
                .mapToObj(t -> "{\"time\":\"" + START.plusHours(t) + "\",\"value\":"
                        + (t == unusual ? 900 : 100 + 20 * Math.sin(t * Math.PI / 12) + t * t % 5) + "}")
                .collect(Collectors.joining(","));
        assertEquals(200, service.post("/v1/series/" + id + "/values", "{\"values\":[" + values + "]}").statusCode());
    }

    private static JsonNode json(String path) throws Exception {
        return Service.json(service.get(path));
    }

    @Test
    void anUnusualValueIsFoundAndReported() throws Exception {
        put("load", ",\"anomalies\":0.99");
        assertEquals(0.99, json("/v1/series/load").get("anomalies").doubleValue());
        add("load", 0, 300, -1);
        for (int t = 300; t < 310; t++) add("load", t, t + 1, 307);
        JsonNode message = Service.JSON.readTree(RECEIVED.poll(60, TimeUnit.SECONDS));
        while (message.toString().contains("900") == false) {
            message = Service.JSON.readTree(RECEIVED.poll(60, TimeUnit.SECONDS));
        }
        assertEquals("load", message.get("series").textValue());
        JsonNode anomaly = message.get("anomalies").get(0);
        assertEquals(START.plusHours(307), OffsetDateTime.parse(anomaly.get("time").textValue()));
        assertEquals("spike", anomaly.get("kind").textValue());
        assertEquals(0.99, anomaly.get("level").doubleValue());
        assertTrue(anomaly.get("upper").doubleValue() < 200, anomaly.toString());
        assertTrue(json("/v1/series/load/anomalies").get("anomalies").toString().contains(anomaly.toString()));
    }

    @Test
    void noMoreAreJudgedThanCanBe() throws Exception {
        Settings settings = Settings.defaults().withStore(StoreSettings.file(folder.resolve("many.mv")));
        try (Service other = new Service(settings)) {
            for (int i = 0; i < 256; i++) assertEquals(201, put(other, "s" + i, 0.99));
            assertEquals(409, put(other, "more", 0.99));
            assertEquals(404, other.get("/v1/series/more").statusCode());
            assertEquals(200, put(other, "s7", 0.9));
            assertEquals(204, other.send(other.request("/v1/series/s3").DELETE()).statusCode());
            assertEquals(201, put(other, "more", 0.99));
        }
        try (Service restarted = new Service(settings)) {
            assertEquals(409, put(restarted, "another", 0.99), "those of before the restart count");
            assertEquals(200, put(restarted, "s7", 0.99));
        }
    }

    private static int put(Service to, String id, double level) throws Exception {
        return to
                .send(to.request("/v1/series/" + id)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers
                                .ofString("{\"frequency\":\"PT1H\",\"horizon\":4,\"anomalies\":" + level + "}")))
                .statusCode();
    }

    @Test
    void seriesThatDoNotAskAreNotJudged() throws Exception {
        put("quiet", "");
        add("quiet", 0, 200, 150);
        assertEquals(0, json("/v1/series/quiet/anomalies").get("anomalies").size());
        assertEquals("quiet", json("/v1/series/quiet").get("id").textValue());
        assertEquals(404, service.get("/v1/series/none").statusCode());
        assertEquals(404, service.get("/v1/series/none/anomalies").statusCode());
        assertEquals(422,
                service.send(service.request("/v1/series/wrong")
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString("{\"frequency\":\"PT1H\",\"anomalies\":1}"))).statusCode());
    }
}
