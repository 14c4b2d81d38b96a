package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
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

    @Test
    void referencesLeadSomewhere() throws Exception {
        JsonNode api = Service.json(Service.shared().get("/openapi.json"));
        for (String reference : api.findValuesAsText("$ref")) {
            assertTrue(!api.at(reference.substring(1)).isMissingNode(), reference);
        }
    }

    @Test
    void thePagesAreServed() throws Exception {
        assertTrue(Service.shared().get("/").body().contains("v1/forecast"));
        assertTrue(Service.shared().get("/learn").body().contains("Inside a Tiny Time Mixer"));
        assertEquals("./", Service.shared().get("/try").headers().firstValue("Location").orElseThrow());
    }
}
