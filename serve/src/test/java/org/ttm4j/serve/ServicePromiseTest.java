package org.ttm4j.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.StoreSettings;
import org.ttm4j.ttm.fixtures.Promise;
import org.ttm4j.ttm.fixtures.Samples;

/** What clients of the service rely on: its description, the answers to some requests, and the names of its metrics. */
class ServicePromiseTest {
    private static final OffsetDateTime START = OffsetDateTime.parse("2024-01-01T00:00:00Z");
    private static final String VALUES = IntStream.range(0, Samples.CONTEXT)
            .mapToObj(t -> Integer.toString(t % 12))
            .collect(Collectors.joining(","));
    private static final String JSON = "application/json";
    private static final Pattern METRIC = Pattern.compile("^(\\w+)(?:\\{(.*)})? ", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"[^\"]*\"");

    @TempDir
    static Path folder;
    private static Service service;

    @BeforeAll
    static void start() throws IOException {
        service = new Service(Settings.defaults()
                .withModels(Set.of(), Map.of("model", Samples.model(folder)))
                .withStore(StoreSettings.file(folder.resolve("series.mv"))));
        service.server.awaitReady();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void routesAndSchemasStay() throws Exception {
        JsonNode api = Service.json(service.get("/openapi.json"));
        Map<String, TreeSet<String>> entries = new TreeMap<>();
        for (Map.Entry<String, JsonNode> path : api.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                TreeSet<String> entry = new TreeSet<>();
                describe(operation.getValue(), entry);
                entries.put(path.getKey() + " " + operation.getKey().toUpperCase(Locale.ROOT), entry);
            }
        }
        for (Map.Entry<String, JsonNode> schema : api.at("/components/schemas").properties()) {
            TreeSet<String> entry = new TreeSet<>();
            members("", schema.getValue(), entry);
            entries.put("schema " + schema.getKey(), entry);
        }
        List<String> lines = new ArrayList<>();
        entries.forEach((heading, entry) -> {
            lines.add(heading);
            entry.forEach(line -> lines.add("  " + line));
        });
        Promise.hold("openapi", lines);
    }

    private static void describe(JsonNode operation, Set<String> lines) {
        if (operation.has("security")) lines.add("open without a token");
        for (JsonNode parameter : operation.path("parameters")) {
            lines.add("parameter " + parameter.get("name").textValue() + " in " + parameter.get("in").textValue());
        }
        if (operation.has("requestBody")) content("request", operation.get("requestBody"), lines);
        for (Map.Entry<String, JsonNode> response : operation.get("responses").properties()) {
            content("answer " + response.getKey(), response.getValue(), lines);
        }
    }

    private static void content(String what, JsonNode of, Set<String> lines) {
        if (!of.has("content")) lines.add(what);
        for (Map.Entry<String, JsonNode> one : of.path("content").properties()) {
            String schema = one.getValue().has("schema") ? ": " + type(one.getValue().get("schema")) : "";
            lines.add(what + " " + one.getKey() + schema);
        }
    }

    /** Where the values of a document of this schema are, and of which types. */
    private static void members(String path, JsonNode schema, Set<String> lines) {
        String prefix = path.isEmpty() ? "" : path + ".";
        if (schema.has("required")) {
            lines.add("required " + prefix + names(schema.get("required")).sorted().toList());
        }
        schema.path("properties").properties().forEach(one -> members(prefix + one.getKey(), one.getValue(), lines));
        JsonNode others = schema.path("additionalProperties");
        if (others.isObject()) members(prefix + "*", others, lines);
        if (schema.has("items")) members(path + "[]", schema.get("items"), lines);
        for (JsonNode one : schema.path("oneOf")) members(path, one, lines);
        for (String part : List.of("then", "else")) if (schema.has(part)) members(path, schema.get(part), lines);
        boolean leaf = Stream.of("properties", "items", "oneOf", "required").noneMatch(schema::has)
                && !others.isObject();
        if (leaf && !path.isEmpty()) lines.add(path + ": " + type(schema));
    }

    private static Stream<String> names(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::textValue);
    }

    private static String type(JsonNode schema) {
        if (schema.has("$ref")) return schema.get("$ref").textValue().replaceAll(".*/", "");
        if (schema.has("enum")) return names(schema.get("enum")).collect(Collectors.joining(" or "));
        JsonNode type = schema.path("type");
        if (type.isMissingNode()) return "anything";
        return type.isTextual() ? type.textValue() : names(type).collect(Collectors.joining(" or "));
    }

    @Test
    void answersAndMetricsStay() throws Exception {
        List<String> lines = new ArrayList<>();
        for (String path : List.of("/health/live", "/health/ready", "/v2/health/live", "/v2/health/ready", "/", "/try",
                "/openapi.json", "/metrics", "/nothing", "/v1/forecast")) {
            get(path, lines);
        }
        String series = "{'id':'a','start':'2024-01-01T00:00:00Z','frequency':'PT1H','values':[" + VALUES + "]}";
        post("/v1/forecast", "{'horizon':2,'model':'model','series':[" + series + ",{'values':[]}]}", lines);
        post("/v1/forecast", "{'mode':'fast','quantiles':[0.1],'series':[" + series + "]}", lines);
        post("/v1/forecast", "{'series':[],'horizon':0}", lines);
        send("POST", "/v1/forecast?horizon=2&quantiles=0.1&mode=fast", "text/csv", "time,load\n" + each("%s,%d\n"),
                lines);
        String settings = "{'frequency':'PT1H','horizon':2,'mode':'fast','quantiles':[0.1]}";
        send("PUT", "/v1/series/a", JSON, settings, lines);
        send("PUT", "/v1/series/a", JSON, settings, lines);
        post("/v1/series/a/values", "{'values':[" + each("{'time':'%s','value':%d},").replaceAll(",$", "") + "]}",
                lines);
        for (String path : List.of("/v1/series?limit=1", "/v1/series/a/values", "/v1/series/a/forecast")) {
            get(path, lines);
        }
        event("/v1/series/a/events", lines);
        send("DELETE", "/v1/series/a", null, "", lines);
        for (String path : List.of("/v2", "/v2/models/model", "/v2/models/model/ready", "/v2/models/nothing")) {
            get(path, lines);
        }
        post("/v2/models/model/infer",
                "{'id':'a','parameters':{'horizon':2,'quantiles':[0.5]},'inputs':[{'name':'series',"
                        + "'datatype':'FP32','shape':[1,48],'data':[" + VALUES + "]}]}",
                lines);
        post("/v2/repository/index", "{}", lines);
        post("/v2/repository/models/model/load", "{}", lines);
        post("/v2/repository/models/model/unload", "{}", lines);
        Promise.hold("answers", lines);

        TreeSet<String> metrics = new TreeSet<>();
        for (MatchResult metric : METRIC.matcher(service.get("/metrics").body()).results().toList()) {
            String labels = metric.group(2) == null ? "" : metric.group(2);
            metrics.add(LABEL.matcher(labels)
                    .results()
                    .map(label -> label.group(1))
                    .sorted()
                    .collect(Collectors.joining(",", metric.group(1) + "{", "}")));
        }
        Promise.hold("metrics", List.copyOf(metrics));
    }

    /** A text for each hour of two days, of the time and a value. */
    private static String each(String format) {
        return IntStream.range(0, Samples.CONTEXT)
                .mapToObj(hour -> format.formatted(START.plusHours(hour), hour % 12))
                .collect(Collectors.joining());
    }

    private static void get(String path, List<String> lines) throws Exception {
        send("GET", path, null, "", lines);
    }

    private static void post(String path, String body, List<String> lines) throws Exception {
        send("POST", path, JSON, body, lines);
    }

    /** Sends a request, whose body has ' for ", and adds what its answer is like. */
    private static void send(String method, String path, String type, String body, List<String> lines)
            throws Exception {
        HttpRequest.Builder request = service.request(path)
                .method(method,
                        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body.replace('\'', '"')));
        if (type != null) request.header("Content-Type", type);
        HttpResponse<String> answer = service.send(request);
        String media = answer.headers().firstValue("Content-Type").orElse("");
        String shown = body.length() > 100 ? body.substring(0, 99) + "…" : body;
        lines.add((method + " " + path + " " + shown.replace('\n', ' ')).strip());
        lines.add(("  " + answer.statusCode() + " " + media).stripTrailing());
        if (media.contains("json") && !path.equals("/openapi.json")) keys(answer.body(), lines);
        if (media.startsWith("text/csv")) lines.add("  columns " + answer.body().lines().findFirst().orElse(""));
    }

    /** The members of a combination are values, not keys. */
    private static void keys(String json, List<String> lines) throws IOException {
        Promise.keys(List.of(json))
                .stream()
                .map(key -> "  JSON " + key.replaceAll("\\bweights\\.[^:]*", "weights.*"))
                .distinct()
                .forEach(lines::add);
    }

    /** The first of the events, which do not end. */
    private static void event(String path, List<String> lines) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<InputStream> answer = client.send(service.request(path).build(),
                HttpResponse.BodyHandlers.ofInputStream());
        lines.add("GET " + path);
        lines.add("  " + answer.statusCode() + " " + answer.headers().firstValue("Content-Type").orElse(""));
        try (BufferedReader events = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            lines.add("  " + events.readLine());
            keys(events.readLine().substring("data: ".length()), lines);
        } finally {
            client.shutdownNow();
        }
    }
}
