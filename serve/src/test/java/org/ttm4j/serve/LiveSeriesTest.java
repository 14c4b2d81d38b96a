package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.fixtures.OneForecast;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Limits;
import org.ttm4j.serve.settings.Settings.StoreSettings;
import org.ttm4j.ttm.fixtures.Samples;

/** Series that are kept and arrive value by value, on the real server with a file as its store. */
class LiveSeriesTest {
    private static final String HOURLY = "{\"frequency\":\"PT1H\",\"horizon\":4,\"mode\":\"fast\"}";
    private static final OffsetDateTime START = OffsetDateTime.parse("2024-01-01T00:00:00Z");

    @TempDir
    static Path folder;
    private static Settings settings;
    private static Service service;

    @BeforeAll
    static void start() throws Exception {
        Limits all = Limits.defaults();
        Limits limits = new Limits(all.bodyBytes(), all.channels(), 3000, all.horizon(), all.numbers(), all.levels(),
                all.depth(), all.bodyTime(), all.requestTime(), all.connections(), 8, 2);
        settings = Settings.defaults()
                .withLimits(limits)
                .withModels(Set.of(), Map.of("exogenous", Samples.exogenousModel(folder)))
                .withStore(StoreSettings.file(folder.resolve("series.mv")));
        service = new Service(settings);
        service.server.awaitReady();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static HttpResponse<String> put(String id, String json) throws Exception {
        return put(service, id, json);
    }

    private static HttpResponse<String> put(Service one, String id, String json) throws Exception {
        return one.send(one.request("/v1/series/" + id)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json)));
    }

    private static int delete(String id) throws Exception {
        return service.send(service.request("/v1/series/" + id).DELETE()).statusCode();
    }

    private static String value(String time, String value) {
        return "{\"time\":\"" + time + "\",\"value\":" + value + "}";
    }

    private static HttpResponse<String> post(String id, String... values) throws Exception {
        return post(service, id, values);
    }

    private static HttpResponse<String> post(Service one, String id, String... values) throws Exception {
        return one.post("/v1/series/" + id + "/values", "{\"values\":[" + String.join(",", values) + "]}");
    }

    /** Values of hours from this one on. */
    private static String[] hours(int from, int to) {
        String[] values = new String[to - from];
        for (int h = from; h < to; h++) {
            values[h - from] = value(START.plusHours(h).toString(), Double.toString(at(h)));
        }
        return values;
    }

    private static double at(int hour) {
        return 100 + 20 * Math.sin(hour * Math.PI / 12) + hour % 7;
    }

    private static JsonNode json(String path) throws Exception {
        HttpResponse<String> response = service.get(path);
        assertEquals(200, response.statusCode(), response.body());
        return Service.json(response);
    }

    @Test
    void withoutOptionsTheForecastIsThatOfEveryDoor() throws Exception {
        assertEquals(201, put("one", "{\"frequency\":\"PT1H\",\"horizon\":" + OneForecast.HORIZON + "}").statusCode());
        double[] history = OneForecast.history();
        String[] values = new String[history.length];
        for (int h = 0; h < values.length; h++) {
            values[h] = value(START.plusHours(h).toString(), Double.toString(history[h]));
        }
        assertEquals(200, post("one", values).statusCode());
        JsonNode made = json("/v1/series/one/forecast").get("values");
        OneForecast.assertSame(IntStream.range(0, made.size()).mapToDouble(h -> made.get(h).doubleValue()).toArray(),
                "a kept series");
        assertEquals(204, delete("one"));
    }

    @Test
    void theForecastIsThatOfTheLibraryWithGapsAsMissing() throws Exception {
        assertEquals(201, put("load", HOURLY).statusCode());
        assertEquals(0, Service.json(post("load", hours(0, 700))).get("dropped").intValue());
        // Hour 710 first, then 705, then 705 again; 700 is missing, and so are the hours without a value.
        post("load", value(START.plusHours(710).toString(), "7"), value(START.plusHours(700).toString(), "null"));
        post("load", value(START.plusHours(705).toString(), "1"));
        post("load", value("2024-01-30T11:00:00+02:00", "110"));
        double[] history = new double[711];
        for (int h = 0; h < 711; h++) history[h] = h < 700 ? at(h) : h == 705 ? 110 : h == 710 ? 7 : Double.NaN;
        for (JsonNode one : json("/v1/series/load/values").get("values")) {
            int hour = (int) Duration.between(START, OffsetDateTime.parse(one.get("time").textValue())).toHours();
            assertEquals(history[hour], one.get("value").isNull() ? Double.NaN : one.get("value").doubleValue());
        }
        JsonNode forecast = json("/v1/series/load/forecast");
        double[] expected = Forecaster.bundled()
                .fast()
                .forecast(ForecastRequest.of(new double[][]{history}).withHorizon(4).withFrequency(Duration.ofHours(1)))
                .doubleValues()[0];
        double[] found = new double[forecast.get("values").size()];
        for (int i = 0; i < found.length; i++) found[i] = forecast.get("values").get(i).doubleValue();
        assertArrayEquals(expected, found);
        assertEquals("2024-01-30T14:00:00Z", forecast.get("last").textValue());
        assertEquals("2024-01-30T15:00:00Z", forecast.at("/times/0").textValue());
        assertEquals("512-96", forecast.get("model").textValue());
        JsonNode values = json("/v1/series/load/values").get("values");
        assertEquals(703, values.size());
        assertTrue(values.get(700).get("value").isNull());
        assertEquals(110, values.get(701).get("value").doubleValue());
        assertEquals(204, delete("load"));
    }

    /** The first value that comes is that of the last month. */
    @Test
    void forecastsOfMonthsGoOnAtTheirEnds() throws Exception {
        put("months", "{\"frequency\":\"P1M\"}");
        List<String> values = new ArrayList<>();
        for (int month = 0; month < 26; month++) {
            values.add(value(LocalDate.of(2024, 3, 31).minusMonths(month).toString(), "" + month % 12));
        }
        assertEquals(200, post("months", values.toArray(String[]::new)).statusCode());
        JsonNode forecast = json("/v1/series/months/forecast");
        assertEquals("2024-03-31", forecast.get("last").textValue());
        assertEquals("2024-04-30", forecast.at("/times/0").textValue());
        assertEquals("2024-05-31", forecast.at("/times/1").textValue());
        delete("months");
        put("months", "{\"frequency\":\"P1M\"}");
        assertEquals(200, post("months", value("2024-02-29", "1"), value("2024-03-31", "2")).statusCode());
        assertEquals(200, post("months", value("2024-04-30", "3")).statusCode());
        delete("months");
    }

    @Test
    void theLastStepsStay() throws Exception {
        put("long", HOURLY);
        assertEquals(452, Service.json(post("long", hours(0, 2500))).get("dropped").intValue());
        assertEquals(1, Service.json(post("long", hours(10, 11))).get("dropped").intValue());
        post("long", hours(2500, 2510));
        JsonNode values = json("/v1/series/long/values").get("values");
        assertEquals(2048, values.size());
        assertEquals(START.plusHours(2510 - 2048).toInstant(),
                OffsetDateTime.parse(values.at("/0/time").textValue()).toInstant());
        assertEquals(204, delete("long"));
        assertEquals(413, post("long", hours(0, 3001)).statusCode());
    }

    @Test
    void seriesAreListedPageByPageChangedAndDeleted() throws Exception {
        for (String id : new String[]{"p1", "p2", "p3"}) assertEquals(201, put(id, HOURLY).statusCode());
        post("p2", hours(0, 1));
        JsonNode page = json("/v1/series?after=p&limit=2");
        assertEquals("p1", page.at("/series/0/id").textValue());
        assertEquals("PT1H", page.at("/series/0/frequency").textValue());
        assertEquals("2024-01-01T00:00:00Z", page.at("/series/1/last").textValue());
        JsonNode rest = json("/v1/series?limit=2&after=" + page.get("next").textValue());
        assertEquals("p3", rest.at("/series/0/id").textValue());
        assertEquals(422, service.get("/v1/series?after=%00").statusCode());
        HttpResponse<String> changed = put("p2",
                "{\"frequency\":\"PT60M\",\"quantiles\":[0.1,0.9],\"model\":\"512-96\"}");
        assertEquals(200, changed.statusCode());
        assertEquals("[0.1,0.9]", Service.json(changed).get("quantiles").toString());
        assertEquals("2024-01-01T00:00:00Z", Service.json(changed).get("last").textValue());
        assertEquals(409, put("p2", "{\"frequency\":\"P1D\"}").statusCode());
        assertEquals(200, put("p1", "{\"frequency\":\"P1D\"}").statusCode());
        for (String id : new String[]{"p1", "p2", "p3"}) assertEquals(204, delete(id));
        assertEquals(404, delete("p1"));
        assertEquals(404, service.get("/v1/series/p1/forecast").statusCode());
        assertEquals(404, service.get("/v1/series/p1/events").statusCode());
        assertEquals(404, post("p1", hours(0, 1)).statusCode());
    }

    @Test
    void whatIsWrongIsSaidAndNothingIsKeptOfIt() throws Exception {
        assertEquals(422, put("w", "{\"horizon\":4}").statusCode());
        assertEquals(422, put("w", "{\"frequency\":\"P1D\",\"mode\":\"slow\"}").statusCode());
        assertEquals(404, put("w", "{\"frequency\":\"P1D\",\"model\":\"none\"}").statusCode());
        assertEquals(404, put("w%20x", HOURLY).statusCode());
        put("w", HOURLY);
        assertEquals(422, service.get("/v1/series/w/forecast").statusCode());
        assertEquals(422, post("w", value("2024-01-01", "1")).statusCode());
        String first = value("2024-01-01T00:00:00Z", "1");
        HttpResponse<String> between = post("w", first, value("2024-01-01T00:30:00Z", "1"));
        assertEquals(422, between.statusCode());
        assertEquals("/values/1/time", Service.json(between).get("pointer").textValue());
        assertEquals(422, post("w", first, value("2024-01-01T01:00:00Z", "\"2\"")).statusCode());
        assertEquals(422, post("w", first, "{\"time\":\"2024-01-01T01:00:00Z\"}").statusCode());
        assertEquals(422, post("w").statusCode());
        assertEquals(0, json("/v1/series/w/values").get("values").size());
        post("w", first);
        assertEquals(409, post("w", value("2224-01-01T00:00:00Z", "1")).statusCode());
        assertEquals(422, post("w", value("+22024-01-01T00:00:00Z", "1")).statusCode());
        assertEquals(1, json("/v1/series/w/values").get("values").size());
        for (int i = 0; i < 7; i++) put("more" + i, HOURLY);
        assertEquals(409, put("more8", HOURLY).statusCode());
        for (int i = 0; i < 7; i++) assertEquals(204, delete("more" + i));
        assertEquals(204, delete("w"));
    }

    @Test
    void aSeriesThatCanNeverBeForecastIsRefused() throws Exception {
        HttpResponse<String> future = put("never", "{\"frequency\":\"PT1H\",\"model\":\"exogenous\"}");
        assertEquals(422, future.statusCode());
        assertEquals("/model", Service.json(future).get("pointer").textValue());
        assertEquals(
                "this model needs known future values or static categories, which a stream of values does not have",
                Service.json(future).get("detail").textValue());
        assertEquals(404, service.get("/v1/series/never/values").statusCode());
    }

    /** The answer of a request for events; its lines are read by hand. */
    private static HttpResponse<InputStream> listen(Service one, String coding) throws Exception {
        return HttpClient.newHttpClient()
                .send(one.request("/v1/series/e/events").header("Accept-Encoding", coding).build(),
                        HttpResponse.BodyHandlers.ofInputStream());
    }

    private static BufferedReader lines(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    private static JsonNode event(BufferedReader events, String name) throws Exception {
        assertEquals("event: " + name, events.readLine());
        String data = events.readLine();
        assertTrue(data.startsWith("data: "), data);
        assertEquals("", events.readLine());
        return Service.JSON.readTree(data.substring(6));
    }

    @Test
    void aForecastFollowsEachValueUntilTheServiceStops() throws Exception {
        Limits all = settings.limits();
        // Events go on longer than connections may be idle.
        Limits limits = new Limits(all.bodyBytes(), all.channels(), all.history(), all.horizon(), all.numbers(),
                all.levels(), all.depth(), all.bodyTime(), Duration.ofSeconds(1), all.connections(), 8, 2);
        Settings own = settings.withLimits(limits).withStore(StoreSettings.file(folder.resolve("own.mv")));
        try (Service one = new Service(own)) {
            one.server.awaitReady();
            put(one, "e", HOURLY);
            HttpResponse<InputStream> response = listen(one, "identity");
            assertEquals("text/event-stream", response.headers().firstValue("Content-Type").orElse(""));
            try (BufferedReader events = lines(response.body());
                    BufferedReader other = lines(listen(one, "gzip").body())) {
                event(events, "problem");
                event(other, "problem");
                assertEquals(429, listen(one, "identity").statusCode());
                JsonNode before = null;
                for (int hour = 40; hour < 44; hour++) {
                    one.connectAnew();
                    post(one, "e", hours(hour == 40 ? 0 : hour, hour + 1));
                    JsonNode forecast = event(events, "forecast");
                    assertEquals(START.plusHours(hour).toInstant(),
                            OffsetDateTime.parse(forecast.get("last").textValue()).toInstant());
                    assertEquals(4, forecast.get("values").size());
                    assertNotEquals(before, forecast.get("values"));
                    assertEquals(forecast, event(other, "forecast"));
                    before = forecast.get("values");
                    Thread.sleep(500);
                }
                one.server.close();
                assertEquals(null, events.readLine());
            }
        }
    }

    private static long workers() {
        return Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(one -> one.getName().startsWith("forecasts-"))
                .count();
    }

    @Test
    void aServiceThatCannotOpenItsStoreLeavesNoThread() throws Exception {
        Settings broken = settings.withStore(StoreSettings.file(Files.writeString(folder.resolve("text"), "no store")));
        long before = workers();
        assertThrows(IOException.class, () -> new Service(broken));
        assertEquals(before, workers());
    }

    /** Who interrupts a stop does not want to wait for requests, but everything ends. */
    @Test
    void anInterruptedStopLetsTheStoreGo() throws Exception {
        Settings own = settings.withStore(StoreSettings.file(folder.resolve("interrupted.mv")));
        Service one = new Service(own);
        try (Socket slow = new Socket("127.0.0.1", one.server.port())) {
            slow.getOutputStream()
                    .write(("POST /v1/series/x/values HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                            + "Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            while (!one.get("/metrics").body().contains("ttm4j_http_open 2.0")) Thread.sleep(10);
            Thread.currentThread().interrupt();
            one.server.close();
            assertTrue(Thread.interrupted());
        }
        new Service(own).close();
    }

    @Test
    void whoeverListensHearsThatASeriesIsDeleted() throws Exception {
        put("e", HOURLY);
        try (BufferedReader events = lines(listen(service, "identity").body())) {
            event(events, "problem");
            assertEquals(204, delete("e"));
            assertEquals(null, events.readLine());
        }
    }

    @Test
    void whatIsAcknowledgedIsThereAfterAStartAnew() throws Exception {
        put("again", HOURLY);
        post("again", hours(0, 30));
        service.close();
        service = new Service(settings);
        // Values are taken before the models are warm.
        assertEquals(200, post("again", hours(30, 31)).statusCode());
        assertEquals(31, json("/v1/series/again/values").get("values").size());
        assertEquals(503, service.get("/v1/series/again/forecast").statusCode());
        service.server.awaitReady();
        assertEquals(4, json("/v1/series/again/forecast").get("values").size());
        assertEquals(204, delete("again"));
    }

    @Test
    void withoutAStoreTheRoutesSaySo() throws Exception {
        HttpResponse<String> response = Service.shared().get("/v1/series");
        assertEquals(409, response.statusCode());
        assertFalse(response.body().contains("Exception"));
    }
}
