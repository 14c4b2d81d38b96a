package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.ttm.fixtures.Samples;

/** The Open Inference Protocol, on the real server. */
class InferenceTest {
    private static final float[] SERIES = new float[512];
    private static Service service;

    @BeforeAll
    static void start() throws Exception {
        service = Service.shared();
        for (int t = 0; t < SERIES.length; t++) SERIES[t] = (float) (100 + 20 * Math.sin(t * Math.PI / 12));
    }

    private static ObjectNode body(int... shape) {
        ObjectNode body = Service.JSON.createObjectNode();
        ObjectNode input = body.putArray("inputs").addObject().put("name", "series").put("datatype", "FP32");
        ArrayNode sizes = input.putArray("shape");
        int count = 1;
        for (int size : shape) {
            sizes.add(size);
            count *= size;
        }
        ArrayNode data = input.putArray("data");
        for (int i = 0; i < count; i++) data.add(SERIES[i % 512]);
        body.putObject("parameters").put("mode", "fast");
        return body;
    }

    @Test
    void aTensorOfSeriesComesBackAsATensorOfForecasts() throws Exception {
        ObjectNode body = body(2, 512).put("id", "7");
        HttpResponse<String> response = service.post("/v2/models/default/infer", body.toString());
        assertEquals(200, response.statusCode(), response.body());
        JsonNode answer = Service.json(response);
        assertEquals("7", answer.get("id").textValue());
        assertEquals("default", answer.get("model_name").textValue());
        JsonNode output = answer.at("/outputs/0");
        assertEquals("[2,96]", output.get("shape").toString());
        assertEquals("FP32", output.get("datatype").textValue());
        float[] expected = Forecaster.bundled().fast().forecast(new float[][]{SERIES}).values()[0];
        float[] second = new float[96];
        for (int t = 0; t < 96; t++) second[t] = output.get("data").get(96 + t).floatValue();
        assertArrayEquals(expected, second, 1e-3f);
    }

    @Test
    void channelsQuantilesAndMissingValues() throws Exception {
        ObjectNode body = body(1, 2, 512);
        body.putObject("parameters").put("horizon", 5).put("quantiles", "0.1,0.5,0.9").put("frequency", "PT1H");
        ObjectNode observed = body.withArrayProperty("inputs").addObject();
        observed.putArray("shape").add(1).add(2).add(512);
        ArrayNode rows = observed.putArray("data").addArray();
        for (int c = 0; c < 2; c++) {
            ArrayNode row = rows.addArray();
            for (int t = 0; t < 512; t++) row.add(t != 511);
        }
        // Where members are sorted, the data come before them.
        observed.put("datatype", "BOOL").put("name", "observed");
        body.withArrayProperty("inputs").get(0).withArrayProperty("data").set(511, 1e6);
        HttpResponse<String> response = service.post("/v2/models/default/versions/1/infer", body.toString());
        assertEquals(200, response.statusCode(), response.body());
        JsonNode outputs = Service.json(response).get("outputs");
        assertEquals("[1,2,5]", outputs.at("/0/shape").toString());
        assertEquals("[1,3,2,5]", outputs.at("/1/shape").toString());
        assertEquals(30, outputs.at("/1/data").size());
        assertTrue(outputs.at("/0/data/0").doubleValue() < 200, "an unobserved value counts");
    }

    /** Of bundled models, each has a horizon of its own; a tensor has one. */
    @Test
    void seriesThatSuitDifferentModelsHaveOneHorizon() throws Exception {
        ObjectNode body = body(2, 512);
        ArrayNode data = body.withArrayProperty("inputs").get(0).withArrayProperty("data");
        for (int t = 512; t < 928; t++) data.setNull(t);
        HttpResponse<String> response = service.post("/v2/models/default/infer", body.toString());
        assertEquals(200, response.statusCode(), response.body());
        assertEquals("[2,96]", Service.json(response).at("/outputs/0/shape").toString());
        assertEquals(2 * 96, Service.json(response).at("/outputs/0/data").size());
    }

    /** The body of a request with binary tensors behind the JSON, as Triton's clients for Python and Java send it. */
    private static HttpResponse<byte[]> inferBinary(String json, byte[] tensors) throws Exception {
        byte[] head = json.getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(head.length + tensors.length).put(head).put(tensors);
        return service.sendForBytes(service.request("/v2/models/default/infer")
                .header("Inference-Header-Content-Length", Integer.toString(head.length))
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.array())));
    }

    private static String binaryInput(String datatype, int size, String more) {
        return """
                {"parameters": {"mode": "fast"%s}, "inputs": [{"name": "series", "datatype": "%s", "shape": [1, 512],
                "parameters": {"binary_data_size": %d}}]}""".formatted(more, datatype, size);
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void tensorsInBinaryAreThoseInJson() throws Exception {
        float[] expected = Forecaster.bundled().fast().forecast(new float[][]{SERIES}).values()[0];
        for (int width : new int[]{Float.BYTES, Double.BYTES}) {
            boolean isDouble = width == Double.BYTES;
            ByteBuffer values = littleEndian(512 * width);
            for (float value : SERIES) {
                if (isDouble) values.putDouble(value);
                else values.putFloat(value);
            }
            HttpResponse<byte[]> response = inferBinary(
                    binaryInput(isDouble ? "FP64" : "FP32", 512 * width, ",\"binary_data_output\":true"),
                    values.array());
            assertEquals(200, response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
            assertEquals("application/octet-stream", response.headers().firstValue("Content-Type").orElse(""));
            int length = Integer
                    .parseInt(response.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
            JsonNode output = Service.JSON.readTree(response.body(), 0, length).at("/outputs/0");
            assertEquals("[1,96]", output.get("shape").toString());
            assertFalse(output.has("data"));
            assertEquals(96 * width, output.at("/parameters/binary_data_size").intValue());
            assertEquals(length + 96 * width, response.body().length);
            ByteBuffer tensor = ByteBuffer.wrap(response.body(), length, 96 * width).order(ByteOrder.LITTLE_ENDIAN);
            float[] made = new float[96];
            for (int t = 0; t < 96; t++) made[t] = isDouble ? (float) tensor.getDouble() : tensor.getFloat();
            assertArrayEquals(expected, made, 1e-3f);
        }
    }

    @Test
    void aBinaryRequestIsAnsweredInJsonWhereItAsksForNothingElse() throws Exception {
        ByteBuffer values = littleEndian(2048);
        for (float value : SERIES) values.putFloat(value == SERIES[7] ? Float.NaN : value);
        HttpResponse<byte[]> response = inferBinary(binaryInput("FP32", 2048, ""), values.array());
        assertEquals(200, response.statusCode());
        assertEquals(96, Service.JSON.readTree(response.body()).at("/outputs/0/data").size());
    }

    @Test
    void binaryTensorsAtFaultSayWhere() throws Exception {
        byte[] values = new byte[2048];
        assertRefused("at /inputs/0/parameters/binary_data_size", binaryInput("FP32", 2047, ""), values);
        assertRefused("at /inputs/0/parameters/binary_data_size", binaryInput("FP64", 2048, ""), values);
        assertRefused("which end early", binaryInput("FP32", 2048, ""), new byte[2047]);
        assertRefused("no more bytes behind the JSON", binaryInput("FP32", 2048, ""), new byte[2049]);
        assertRefused("at /inputs/0/datatype", binaryInput("INT8", 512, ""), new byte[512]);
        assertRefused("range of float32", binaryInput("FP32", 2048, ""),
                littleEndian(2048).putFloat(Float.POSITIVE_INFINITY).array());
        for (String length : new String[]{"x", "-1", "999999999"}) {
            HttpResponse<String> wrong = service.send(service.request("/v2/models/default/infer")
                    .header("Inference-Header-Content-Length", length)
                    .POST(HttpRequest.BodyPublishers.ofString("{}")));
            assertEquals(400, wrong.statusCode(), length);
        }
        // Sizes that are announced and not sent take no memory.
        String many = binaryInput("FP32", 16_000_000, "").replace("[1, 512]", "[1000, 4000]");
        assertRefused("which end early", many, new byte[0]);
    }

    private static void assertRefused(String why, String json, byte[] tensors) throws Exception {
        HttpResponse<byte[]> response = inferBinary(json, tensors);
        String body = new String(response.body(), StandardCharsets.UTF_8);
        assertEquals(422, response.statusCode(), body);
        assertTrue(body.contains(why), body);
    }

    @Test
    void configurationAndStatistics() throws Exception {
        JsonNode config = Service.json(service.get("/v2/models/default/config"));
        assertEquals("TYPE_FP32", config.at("/input/0/data_type").textValue());
        assertEquals(config, Service.json(service.get("/v2/models/default/versions/1/config")));
        assertEquals(404, service.get("/v2/models/none/config").statusCode());
        JsonNode before = Service.json(service.get("/v2/models/default/stats")).at("/model_stats/0");
        service.post("/v2/models/default/infer", body(2, 512).toString());
        service.post("/v2/models/default/infer", "{}");
        JsonNode after = Service.json(service.get("/v2/models/default/versions/1/stats")).at("/model_stats/0");
        assertEquals(2, after.get("inference_count").longValue() - before.get("inference_count").longValue());
        for (String kind : new String[]{"success", "fail", "queue", "compute_infer"}) {
            String count = "/inference_stats/" + kind + "/count";
            assertEquals(1, after.at(count).longValue() - before.at(count).longValue(), kind);
        }
        assertTrue(Service.json(service.get("/v2/models/stats")).get("model_stats").size() > 3);
    }

    @Test
    void wrongTensorsSayWhere() throws Exception {
        ObjectNode body = body(1, 512);
        for (long beyond : new long[]{1L << 31, 65_536L * 65_536}) {
            ((ArrayNode) body.at("/inputs/0/shape")).set(1, beyond);
            assertEquals("expected whole sizes of at least 1, for at most 2147483647 values, at /inputs/0/shape",
                    Service.json(service.post("/v2/models/default/infer", body.toString())).get("error").textValue());
        }
        assertEquals("expected an object",
                Service.json(service.post("/v2/models/default/infer", "[]")).get("error").textValue());
        ((ArrayNode) body.at("/inputs/0/shape")).set(1, 511);
        HttpResponse<String> response = service.post("/v2/models/default/infer", body.toString());
        assertEquals(422, response.statusCode());
        JsonNode error = Service.json(response);
        assertEquals(1, error.size(), "the protocol's error object has one member, and strict clients take no other");
        assertTrue(error.get("error").textValue().endsWith(", at /inputs/0/data"), response.body());
        assertEquals(404, service.post("/v2/models/none/infer", body.toString()).statusCode());
        assertEquals(404, service.post("/v2/models/default/versions/2/infer", body.toString()).statusCode());
        assertEquals(409, service.post("/v2/models/96-24/infer", body.toString()).statusCode());
    }

    @Test
    void outputsAreThoseAskedForByTheNameOfTheClient() throws Exception {
        ObjectNode body = body(1, 512);
        body.putArray("outputs").addObject().put("name", "QUANTILES");
        assertEquals(422, service.post("/v2/models/default/infer", body.toString()).statusCode());
        body.putObject("parameters").put("quantiles", "0.1,0.9").put("horizon", 3);
        HttpResponse<String> response = service.post("/v2/models/default/infer", body.toString());
        assertEquals(200, response.statusCode(), response.body());
        JsonNode outputs = Service.json(response).get("outputs");
        assertEquals(1, outputs.size());
        assertEquals("QUANTILES", outputs.at("/0/name").textValue());
        assertEquals("[1,2,3]", outputs.at("/0/shape").toString());
        body.withArrayProperty("outputs").addObject().put("name", "other");
        assertEquals(422, service.post("/v2/models/default/infer", body.toString()).statusCode());
        body.putArray("outputs").addObject().putObject("parameters").put("binary_data", true);
        HttpResponse<String> nameless = service.post("/v2/models/default/infer", body.toString());
        assertEquals(422, nameless.statusCode(), nameless.body());
        assertTrue(nameless.body().contains("at /outputs/0"), nameless.body());
    }

    @Test
    void metadataAndHealth() throws Exception {
        assertEquals("ttm4j", Service.json(service.get("/v2")).get("name").textValue());
        assertTrue(Service.json(service.get("/v2/health/live")).get("live").booleanValue());
        assertTrue(Service.json(service.get("/v2/health/ready")).get("ready").booleanValue());
        assertEquals("{\"name\":\"default\",\"ready\":true}", service.get("/v2/models/default/ready").body());
        JsonNode model = Service.json(service.get("/v2/models/default"));
        assertEquals("FP32", model.at("/inputs/0/datatype").textValue());
        assertEquals("forecast", model.at("/outputs/0/name").textValue());
    }

    @Test
    void loadingAndUnloadingLosesNoRequest() throws Exception {
        String body = body(1, 512).toString();
        assertEquals(200, service.post("/v2/repository/models/180-60/load", "{}").statusCode());
        AtomicBoolean done = new AtomicBoolean();
        List<Integer> statuses = new ArrayList<>();
        Thread client = Thread.ofPlatform().start(() -> {
            try {
                while (!done.get()) statuses.add(service.post("/v2/models/180-60/infer", body).statusCode());
            } catch (Exception e) {
                statuses.add(-1);
            }
        });
        for (int i = 0; i < 2; i++)
            assertEquals(200, service.post("/v2/repository/models/180-60/load", "{}").statusCode());
        done.set(true);
        client.join();
        assertTrue(statuses.size() > 2 && statuses.stream().allMatch(status -> status == 200), statuses.toString());
        assertEquals(200, service.post("/v2/repository/models/180-60/unload", "").statusCode());
        HttpResponse<String> unloaded = service.post("/v2/models/180-60/infer", body);
        assertEquals(409, unloaded.statusCode());
        assertTrue(unloaded.body().contains("POST /v2/repository/models/180-60/load"), unloaded.body());
        JsonNode index = Service.json(service.post("/v2/repository/index", "{}"));
        assertEquals("READY",
                index.findParents("name")
                        .stream()
                        .filter(one -> one.get("name").textValue().equals("default"))
                        .findFirst()
                        .orElseThrow()
                        .get("state")
                        .textValue());
    }

    /** The log and the answer say why, and the model before goes on. */
    @Test
    void aModelThatCannotBeLoadedAnewSaysWhy(@TempDir Path folder) throws Exception {
        Path model = Samples.model(folder);
        try (Service own = new Service(Settings.defaults().withModels(Set.of(), Map.of("own", model)))) {
            own.server.awaitReady();
            Files.writeString(model.resolve("config.json"), "{\"context_length\": ");
            HttpResponse<String> failed = own.post("/v2/repository/models/own/load", "{}");
            assertEquals(500, failed.statusCode());
            assertTrue(failed.body().contains("config.json: "), failed.body());
            assertFalse(failed.body().contains(folder.toString()), failed.body());
            String id = failed.headers().firstValue("X-Request-Id").orElseThrow();
            String log = own.log.toString(StandardCharsets.UTF_8);
            assertTrue(log.lines().anyMatch(line -> line.contains(id) && line.contains("config.json: ")), log);
            assertEquals(200, own.post("/v2/models/own/infer", body(1, 512).toString()).statusCode());
        }
    }
}
