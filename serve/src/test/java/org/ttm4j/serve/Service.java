package org.ttm4j.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.ttm4j.serve.settings.Settings;

/** A service on a free port, and a client of it. */
final class Service implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private static Service shared;

    final ForecastServer server;
    final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private HttpClient client = HttpClient.newHttpClient();

    Service(Settings settings) throws IOException {
        this(settings, null);
    }

    Service(Settings settings, UnaryOperator<String> assistants) throws IOException {
        server = ForecastServer.start(settings.withAddress("127.0.0.1", 0),
                new PrintStream(log, true, StandardCharsets.UTF_8), assistants);
    }

    /** One that is ready, with the defaults, for all tests of this JVM. */
    static synchronized Service shared() throws IOException {
        if (shared == null) {
            shared = new Service(Settings.defaults());
            shared.server.awaitReady();
        }
        return shared;
    }

    /** Takes a new connection for the next request: one that was idle may be about to be closed. */
    void connectAnew() {
        client.close();
        client = HttpClient.newHttpClient();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        Contract.check(answer);
        return answer;
    }

    HttpResponse<byte[]> sendForBytes(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<InputStream> sendForStream(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
