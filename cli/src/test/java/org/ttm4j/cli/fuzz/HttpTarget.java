package org.ttm4j.cli.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ttm4j.serve.ForecastServer;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Batching;
import org.ttm4j.serve.settings.Settings.Limits;
import org.ttm4j.serve.settings.Settings.StoreSettings;

/**
 * Bodies of requests to a service that runs in this JVM. The first byte of an input chooses the request, the rest is its
 * body. The service may refuse it as a problem of the client or as too much at once; anything else is a finding.
 */
final class HttpTarget implements FuzzTargets.Target {
    private static final String JSON = "application/json";
    private static final byte[] SETTINGS = "{\"frequency\":\"PT1H\",\"model\":\"small\"}".getBytes();
    private static final byte[] NOTHING = {};
    private static final String GZIP = "gzip";
    private static final int UNAVAILABLE = 503;
    /** Of an item that the service failed on, while it answered the others. */
    private static final String FAILURE = "\"type\":\"urn:ttm4j:problem:internal\"";

    private final int port;
    /** What the service says of the request that is sent. */
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Socket connection;
    private InputStream in;

    /** @param folder with a small model in {@code model}, for what the service keeps */
    HttpTarget(Path folder) throws IOException {
        Limits all = Limits.defaults();
        Limits limits = new Limits(1 << 20, 20, 2000, 200, 10_000, all.levels(), all.depth(), all.bodyTime(),
                Duration.ofSeconds(20), all.connections(), 20, all.listeners());
        ForecastServer server = ForecastServer.start(Settings.defaults()
                .withAddress("127.0.0.1", 0)
                .withModels(Set.of(), Map.of("small", folder.resolve("model")))
                .withBatches(new Batching(1, 32, Duration.ZERO, 128, Duration.ofSeconds(1)))
                .withLimits(limits)
                .withStore(StoreSettings.file(folder.resolve("series.mv"))), new PrintStream(log));
        server.awaitReady();
        port = server.port();
    }

    @Override
    public void read(byte[] data) throws IOException {
        byte[] body = data.length == 0 ? data : Arrays.copyOfRange(data, 1, data.length);
        switch (data.length == 0 ? 'f' : data[0]) {
            case 'c' -> send("POST", "/v1/forecast", "text/csv", body);
            case 'g' -> send("POST", "/v1/forecast", GZIP, body);
            case 'i' -> send("POST", "/v2/models/small/infer", JSON, body);
            case 's' -> {
                send("PUT", "/v1/series/load", JSON, body);
                send("DELETE", "/v1/series/load", null, NOTHING);
            }
            case 'v' -> {
                send("PUT", "/v1/series/load", JSON, SETTINGS);
                send("POST", "/v1/series/load/values", JSON, body);
                send("GET", "/v1/series/load/forecast", null, NOTHING);
                send("DELETE", "/v1/series/load", null, NOTHING);
            }
            default -> send("POST", "/v1/forecast", JSON, body);
        }
    }

    private void send(String method, String path, String type, byte[] body) throws IOException {
        String head = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + body.length + "\r\n"
                + (type == null ? "" : "Content-Type: " + (type.equals(GZIP) ? JSON : type) + "\r\n")
                + (GZIP.equals(type) ? "Content-Encoding: gzip\r\n" : "") + "\r\n";
        if (connection == null) connect();
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(body);
        log.reset();
        connection.getOutputStream().write(request.toByteArray());
        String answer = line();
        int status = Integer.parseInt(answer.split(" ")[1]);
        int length = 0;
        String kind = "";
        boolean close = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String value = line.substring(line.indexOf(':') + 1).strip();
            String name = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
            if (name.equals("content-length")) length = Integer.parseInt(value);
            if (name.equals("content-type")) kind = value;
            close |= name.equals("connection") && value.equals("close");
        }
        String content = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (close) disconnect();
        boolean failed = status >= 500 && status != UNAVAILABLE || content.contains(FAILURE);
        if (failed) throw new AssertionError(answer + ": " + content + log);
        if (status >= 400 && !kind.equals(path.startsWith("/v2") ? JSON : "application/problem+json")) {
            throw new AssertionError(answer + " is answered with " + kind);
        }
    }

    private void connect() throws IOException {
        connection = new Socket(InetAddress.getLoopbackAddress(), port);
        connection.setTcpNoDelay(true);
        in = new BufferedInputStream(connection.getInputStream());
    }

    private void disconnect() throws IOException {
        connection.close();
        connection = null;
    }

    /** A line of the answer's head. */
    private String line() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) throw new AssertionError("the connection ends after " + text);
            if (next != '\r') text.append((char) next);
        }
        return text.toString();
    }
}
