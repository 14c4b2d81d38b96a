package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.LocalDateTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.StoreSettings;

/**
 * A counter around 1e9 in steps of 5 at every door: its forecast has the digits of that of the series around 1e4. Nearer to 0
 * the series grows by a factor, and its logarithms are forecast too.
 */
class CounterTest {
    private static final int STEPS = 300;
    private static final int HORIZON = 24;
    private static final double OFFSET = 1e9;
    private static final double NEAR = 1e4;
    /** Of the model, which computes in float32, on values up to 11,500; at 1e9 float32 has steps of 64. */
    private static final double ROUNDING = 0.1;
    private static final LocalDateTime START = LocalDateTime.of(2024, 1, 1, 0, 0);

    @TempDir
    static Path folder;
    private static Service service;

    @BeforeAll
    static void start() throws Exception {
        service = new Service(Settings.defaults().withStore(StoreSettings.file(folder.resolve("series.mv"))));
        service.server.awaitReady();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static double value(int t, double offset) {
        return offset + 5 * t + t * t * 7919 % 13;
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "csv", "FP64", "series"})
    void isForecastWithItsDigitsWithinItsIntervals(String door) throws Exception {
        double[][] expected = forecast(door, NEAR);
        double[][] counter = forecast(door, OFFSET);
        for (int t = 0; t < HORIZON; t++) {
            for (int row = 0; row < expected.length; row++) {
                assertEquals(expected[row][t] - NEAR, counter[row][t] - OFFSET, ROUNDING, "row " + row + ", step " + t);
            }
            assertTrue(counter[1][t] <= counter[0][t] && counter[0][t] <= counter[2][t], "step " + t);
        }
    }

    /** The point and the quantiles 0.1 and 0.9, by step. */
    private static double[][] forecast(String door, double offset) throws Exception {
        return switch (door) {
            case "csv" -> table(offset);
            case "FP64" -> tensors(offset);
            case "json" -> {
                ObjectNode body = Service.JSON.createObjectNode().put("horizon", HORIZON);
                body.putArray("quantiles").add(0.1).add(0.9);
                ArrayNode values = body.putArray("series").addObject().putArray("values");
                for (int t = 0; t < STEPS; t++) values.add(value(t, offset));
                yield members(answer(service.post("/v1/forecast", body.toString())).at("/forecasts/0"));
            }
            default -> kept(offset);
        };
    }

    private static JsonNode answer(HttpResponse<String> response) throws Exception {
        assertEquals(200, response.statusCode(), response.body());
        return Service.json(response);
    }

    private static double[][] members(JsonNode forecast) {
        return new double[][]{numbers(forecast.get("values"), 0), numbers(forecast.at("/quantiles/0.1"), 0),
                numbers(forecast.at("/quantiles/0.9"), 0)};
    }

    private static double[] numbers(JsonNode array, int from) {
        double[] numbers = new double[HORIZON];
        for (int t = 0; t < HORIZON; t++) numbers[t] = array.get(from + t).doubleValue();
        return numbers;
    }

    private static double[][] table(double offset) throws Exception {
        StringBuilder csv = new StringBuilder("time,meter\n");
        for (int t = 0; t < STEPS; t++) {
            csv.append(START.plusHours(t)).append(',').append((long) value(t, offset)).append('\n');
        }
        HttpResponse<String> response = service
                .send(service.request("/v1/forecast?horizon=" + HORIZON + "&quantiles=0.1,0.9")
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString(csv.toString())));
        assertEquals(200, response.statusCode(), response.body());
        String[] lines = response.body().split("\n");
        double[][] rows = new double[3][HORIZON];
        for (int t = 0; t < HORIZON; t++) {
            for (int row = 0; row < 3; row++) rows[row][t] = Double.parseDouble(lines[1 + t].split(",")[1 + row]);
        }
        return rows;
    }

    private static double[][] tensors(double offset) throws Exception {
        ObjectNode body = Service.JSON.createObjectNode();
        ObjectNode input = body.putArray("inputs").addObject().put("name", "series").put("datatype", "FP64");
        input.putArray("shape").add(1).add(STEPS);
        ArrayNode data = input.putArray("data");
        for (int t = 0; t < STEPS; t++) data.add(value(t, offset));
        body.putObject("parameters").put("horizon", HORIZON).put("quantiles", "0.1,0.9");
        JsonNode answer = answer(service.post("/v2/models/default/infer", body.toString()));
        for (JsonNode output : answer.get("outputs")) assertEquals("FP64", output.get("datatype").textValue());
        JsonNode quantiles = answer.at("/outputs/1/data");
        return new double[][]{numbers(answer.at("/outputs/0/data"), 0), numbers(quantiles, 0),
                numbers(quantiles, HORIZON)};
    }

    private static double[][] kept(double offset) throws Exception {
        String path = "/v1/series/counter" + (long) offset;
        ObjectNode settings = Service.JSON.createObjectNode().put("frequency", "PT1H").put("horizon", HORIZON);
        settings.putArray("quantiles").add(0.1).add(0.9);
        service.send(service.request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(settings.toString())));
        ObjectNode body = Service.JSON.createObjectNode();
        ArrayNode values = body.putArray("values");
        for (int t = 0; t < STEPS; t++) {
            values.addObject().put("time", START.plusHours(t) + ":00Z").put("value", value(t, offset));
        }
        answer(service.post(path + "/values", body.toString()));
        return members(answer(service.get(path + "/forecast")));
    }
}
