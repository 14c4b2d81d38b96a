package org.ttm4j.serve.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What {@code openapi.json} says of the parameters of queries. Immutable. */
final class OpenApi {
    private static final String RESOURCE = "/org/ttm4j/serve/openapi.json";

    /** By method and path, such as {@code GET /v1/series}. */
    private final Map<String, Set<String>> queries = new HashMap<>();

    OpenApi() throws IOException {
        try (InputStream in = OpenApi.class.getResourceAsStream(RESOURCE);
                JsonParser json = new JsonFactory().createParser(in)) {
            String name = null;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token != JsonToken.VALUE_STRING) continue;
                if ("name".equals(json.currentName())) name = json.getText();
                if ("in".equals(json.currentName()) && json.getText().equals("query")) add(name, json);
            }
        }
    }

    /** A parameter at a place such as {@code /paths/~1v1~1series/get/parameters/0/in}. */
    private void add(String name, JsonParser json) {
        String[] place = json.getParsingContext().pathAsPointer().toString().split("/");
        String operation = place[3].toUpperCase(Locale.ROOT) + " " + place[2].replace("~1", "/");
        queries.computeIfAbsent(operation, any -> new TreeSet<>()).add(name);
    }

    /** The parameters of the query of a route, in the order of their names. */
    Set<String> query(Route route) {
        return queries.getOrDefault(route.method() + " " + route.path(), Set.of());
    }
}
