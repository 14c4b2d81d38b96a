package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code openapi.json} says of the answers. */
final class Contract {
    private static final ObjectNode API = api();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private Contract() {}

    private static ObjectNode api() {
        try (var in = ForecastServer.class.getResourceAsStream("openapi.json")) {
            return (ObjectNode) Service.JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Holds an answer against the schema of its route, status and media type; routes that are not there have none. */
    static void check(HttpResponse<String> answer) throws IOException {
        String path = answer.request().uri().getPath();
        String method = answer.request().method().toLowerCase(Locale.ROOT);
        for (Map.Entry<String, JsonNode> route : API.get("paths").properties()) {
            boolean isAnother = API.get("paths").has(path) && !route.getKey().equals(path);
            if (isAnother || !path.matches(route.getKey().replaceAll("\\{\\w+}", "[^/]+"))) continue;
            if (route.getValue().has(method)) {
                check(answer, "/paths/" + escaped(route.getKey()) + "/" + method + "/responses/");
            }
        }
    }

    private static void check(HttpResponse<String> answer, String responses) throws IOException {
        String status = Integer.toString(answer.statusCode());
        String response = responses + (API.at(responses + status).isMissingNode() ? "default" : status);
        if (!API.at(response).has("content")) {
            assertEquals("", answer.body(), response);
            return;
        }
        String type = answer.headers().firstValue("Content-Type").orElse("none").split(";")[0];
        String content = response + "/content/" + escaped(type);
        assertTrue(!API.at(content).isMissingNode(), response + " is answered with " + type);
        if (!API.at(content).has("schema")) return;
        JsonNode schema = API.deepCopy().put("$ref", "#" + content + "/schema");
        assertEquals(List.of(), SCHEMAS.getSchema(schema).validate(Service.JSON.readTree(answer.body())),
                answer.body());
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
