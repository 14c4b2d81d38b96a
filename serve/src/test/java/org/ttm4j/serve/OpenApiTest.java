package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.ttm4j.serve.http.Route;

/** {@code openapi.json} describes every route, and no other. */
class OpenApiTest {
    @Test
    void everyRouteIsDescribedAndNoOther() throws Exception {
        Service service = Service.shared();
        JsonNode api = Service.json(service.get("/openapi.json"));
        TreeSet<String> described = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : api.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                described.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
            }
        }
        TreeSet<String> served = new TreeSet<>();
        for (Route route : service.server.routes()) {
            served.add(route.method() + " " + route.path());
            JsonNode operation = api.get("paths").get(route.path()).get(route.method().toLowerCase(Locale.ROOT));
            assertEquals(route.access() == Route.Access.OPEN, operation.has("security"), route.path());
        }
        assertEquals(served, described);
    }

    /** What is misspelt would be lost without a word. */
    @Test
    void parametersThatAreNotDescribedAreRefused() throws Exception {
        Service service = Service.shared();
        HttpResponse<String> table = service.send(service.request("/v1/forecast?horizons=2")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString("a\n1\n2\n3\n")));
        assertRefused("horizons",
                "components, fill, hierarchy, history, holidays, horizon, id, known_future, mean, mode, "
                        + "model, quantiles, target, time, total",
                table);
        assertRefused("horizon", "none",
                service.post("/v1/forecast?horizon=2", "{\"series\": [{\"values\": [1, 2, 3]}]}"));
        assertRefused("limits", "after, limit", service.get("/v1/series?limit=2&limits=2"));
        assertRefused("serie", "series", service.get("/v1/backtests/any/report?serie=1"));
        assertRefused("%zz", "none", service.get("/v1/backtests/any?%25zz"));
        assertEquals(200, service.get("/learn?from=a-link").statusCode());
    }

    private static void assertRefused(String name, String expected, HttpResponse<String> answer) throws Exception {
        assertEquals(422, answer.statusCode(), answer.body());
        assertEquals("unknown parameter '" + name + "' in the query: expected " + expected,
                Service.json(answer).get("detail").textValue());
        assertEquals("urn:ttm4j:problem:invalid-value", Service.json(answer).get("type").textValue());
    }

    @Test
    void referencesLeadSomewhere() throws Exception {
        JsonNode api = Service.json(Service.shared().get("/openapi.json"));
        for (String reference : api.findValuesAsText("$ref")) {
            assertTrue(!api.at(reference.substring(1)).isMissingNode(), reference);
        }
    }

    /** What generators of clients and readers of the page need. */
    @Test
    void everyOperationIsDescribedWhole() throws Exception {
        JsonNode api = Service.json(Service.shared().get("/openapi.json"));
        assertTrue(api.at("/info/license").has("identifier"));
        TreeSet<String> ids = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : api.get("paths").properties()) {
            TreeSet<String> names = new TreeSet<>(
                    Pattern.compile("\\{(\\w+)}").matcher(path.getKey()).results().map(name -> name.group(1)).toList());
            for (Map.Entry<String, JsonNode> one : path.getValue().properties()) {
                String place = one.getKey() + " " + path.getKey();
                JsonNode operation = one.getValue();
                String id = operation.path("operationId").asText();
                assertTrue(id.matches("[a-z][A-Za-z]+") && ids.add(id), place + " has the operation id " + id);
                assertTrue(operation.path("summary").asText().length() > 10, place);
                assertEquals(1, operation.path("tags").size(), place);
                assertTrue(
                        operation.get("responses")
                                .properties()
                                .stream()
                                .anyMatch(answer -> answer.getKey().startsWith("2") || answer.getKey().startsWith("3")),
                        place);
                operation.get("responses").forEach(answer -> assertTrue(answer.has("description"), place));
                TreeSet<String> inPath = new TreeSet<>();
                TreeSet<String> all = new TreeSet<>();
                for (JsonNode parameter : operation.path("parameters")) {
                    String name = parameter.get("name").textValue();
                    assertTrue(all.add(name), place + " has " + name + " twice");
                    assertTrue(parameter.has("schema") && parameter.has("description"), place + ": " + name);
                    if (parameter.get("in").textValue().equals("path")) inPath.add(name);
                }
                assertEquals(names, inPath, place);
            }
        }
    }

    /** Java has no alternatives of lists: a client with them does not compile. */
    @Test
    void schemasOfAlternativesHaveNames() throws Exception {
        for (JsonNode alternatives : Service.json(Service.shared().get("/openapi.json")).findValues("oneOf")) {
            for (JsonNode one : alternatives) {
                assertTrue(!List.of("array", "object").contains(one.path("type").asText()), alternatives.toString());
            }
        }
    }

    @Test
    void thePagesAreServed() throws Exception {
        assertTrue(Service.shared().get("/").body().contains("v1/forecast"));
        assertTrue(Service.shared().get("/learn").body().contains("Inside a Tiny Time Mixer"));
        assertEquals("./", Service.shared().get("/try").headers().firstValue("Location").orElseThrow());
    }
}
