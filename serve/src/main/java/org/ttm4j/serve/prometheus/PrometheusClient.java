package org.ttm4j.serve.prometheus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks a Prometheus for ranges of values. Source: the HTTP API of Prometheus, range queries. Thread-safe. */
final class PrometheusClient {
    private static final long MOST_BYTES = 64L << 20;
    private static final int LONGEST_TEXT = 1 << 16;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(MOST_BYTES)
                    .maxNestingDepth(16)
                    .maxStringLength(LONGEST_TEXT)
                    .build())
            .build();

    private final URI address;
    private final String token;
    private final Duration patience;
    private final HttpClient client;

    /** @param patience for the head of an answer, and then for all of its body */
    PrometheusClient(URI address, String token, Duration patience) {
        this.patience = patience;
        client = HttpClient.newBuilder().connectTimeout(patience).build();
        this.address = address;
        this.token = token;
    }

    /**
     * The values of a query at the steps from one time to another, by the labels of their series; NaN = missing.
     *
     * @param from in seconds since 1970-01-01T00:00Z, of the first step
     * @param steps at least 1
     * @param known labels of series that are read first
     * @param most series that are read, with these; of others only the labels
     * @throws IOException when it cannot be asked or does not understand the query, with its message
     */
    Map<Map<String, String>, double[]> range(String query, double from, int steps, double step,
            Set<Map<String, String>> known, int most) throws IOException, InterruptedException {
        String form = "query=" + URLEncoder.encode(query, StandardCharsets.UTF_8) + "&start=" + from + "&end="
                + (from + (steps - 1) * step) + "&step=" + step;
        HttpRequest.Builder request = HttpRequest
                .newBuilder(URI.create(address.toString().replaceFirst("/*$", "") + "/api/v1/query_range"))
                .timeout(patience)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        if (token != null) request.header("Authorization", "Bearer " + token);
        HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        CompletableFuture<Void> late = new CompletableFuture<Void>().completeOnTimeout(null, patience.toMillis(),
                TimeUnit.MILLISECONDS);
        late.thenRunAsync(() -> {
            try {
                answer.body().close(); // which ends the reading of it
            } catch (IOException closed) {
                // As was wanted.
            }
        });
        try (InputStream body = answer.body(); JsonParser json = JSON.createParser(body)) {
            return new Reader(json, from, steps, step, known, most - known.size()).answer();
        } catch (JsonProcessingException e) {
            boolean isLong = e.getOriginalMessage().startsWith("Document length");
            throw new IOException(isLong
                    ? "the answer has more than " + (MOST_BYTES >> 20) + " MB: ask for fewer series"
                    : "status " + answer.statusCode() + ", and no JSON of the HTTP API of Prometheus", e);
        } catch (IOException e) {
            if (!late.isDone()) throw e;
            throw new IOException("the answer did not end within " + patience.toSeconds() + " s", e);
        } finally {
            late.cancel(false);
        }
    }

    /** Reads an answer as it arrives. */
    private static final class Reader {
        private final JsonParser json;
        private final double from;
        private final int steps;
        private final double step;
        private final Set<Map<String, String>> known;
        /** How many more series that are not known are read. */
        private int room;

        Reader(JsonParser json, double from, int steps, double step, Set<Map<String, String>> known, int room) {
            this.json = json;
            this.from = from;
            this.steps = steps;
            this.step = step;
            this.known = known;
            this.room = room;
        }

        Map<Map<String, String>, double[]> answer() throws IOException {
            Map<Map<String, String>, double[]> series = new LinkedHashMap<>();
            String status = null;
            String error = "no reason";
            require(JsonToken.START_OBJECT, json.nextToken());
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "status" -> status = json.getText();
                    case "error" -> error = json.getText();
                    case "data" -> data(series);
                    default -> json.skipChildren();
                }
            }
            if (!"success".equals(status)) throw new IOException(error);
            return series;
        }

        private void data(Map<Map<String, String>, double[]> series) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (!name.equals("result") || value != JsonToken.START_ARRAY) {
                    json.skipChildren();
                    continue;
                }
                while (json.nextToken() == JsonToken.START_OBJECT) one(series);
            }
        }

        private void one(Map<Map<String, String>, double[]> series) throws IOException {
            Map<String, String> labels = new TreeMap<>();
            double[] values = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("metric")) {
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        labels.put(json.currentName(), json.nextTextValue());
                    }
                } else if (name.equals("values") && (known.contains(labels) || room-- > 0)) {
                    values = values();
                } else {
                    json.skipChildren();
                }
            }
            series.put(labels, values);
        }

        private double[] values() throws IOException {
            double[] values = new double[steps];
            Arrays.fill(values, Double.NaN);
            while (json.nextToken() == JsonToken.START_ARRAY) {
                json.nextToken();
                long at = Math.round((json.getDoubleValue() - from) / step);
                String text = json.nextTextValue();
                if (text == null) throw new IOException("a value is no text, against the HTTP API of Prometheus");
                double value = text.equals("+Inf") || text.equals("-Inf") ? Double.NaN : Double.parseDouble(text);
                require(JsonToken.END_ARRAY, json.nextToken());
                if (at >= 0 && at < steps && Float.isFinite((float) value)) values[(int) at] = value;
            }
            return values;
        }

        private static void require(JsonToken expected, JsonToken found) throws IOException {
            if (found != expected) throw new IOException("the answer is not that of the HTTP API of Prometheus");
        }
    }
}
