package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Limits;
import org.ttm4j.serve.settings.Settings.StoreSettings;

/** Each file of {@code hostile/} gets a typed 4xx that tells nothing of this machine, and the next request is served. */
class HostileTest {
    private static final String TOKEN = "hostile-hostile-hostile";
    private static final Pattern PLACE = Pattern
            .compile("\\{\\{(head|length|hex [0-9a-f ]+|gzip \\d+|(?s:(slow )?(.+?)\\*(\\d+)))\\}\\}(?!\\})");
    private static final Pattern LEAK = Pattern.compile(
            "org\\.ttm4j|helidon|jackson|fasterxml|java\\.|Exception|\\.java|/work|/root|/tmp|" + TOKEN,
            Pattern.CASE_INSENSITIVE);
    @TempDir
    static Path folder;
    private static Service service;

    @BeforeAll
    static void start() throws IOException {
        Limits all = Limits.defaults();
        Limits limits = new Limits(1 << 20, all.channels(), all.history(), all.horizon(), all.numbers(), all.levels(),
                all.depth(), Duration.ofSeconds(2), Duration.ofSeconds(20), all.connections(), all.series(),
                all.listeners());
        service = new Service(Settings.defaults()
                .withLimits(limits)
                .withAccess(TOKEN, false, null)
                .withStore(StoreSettings.file(folder.resolve("series.mv"))));
        service.server.awaitReady();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @TestFactory
    Stream<DynamicTest> requests() throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(HostileTest.class.getResource("/hostile").toURI()))) {
            files = all.filter(file -> file.toString().endsWith(".http")).sorted().toList();
        }
        assertTrue(files.size() >= 60, files.size() + " files");
        return files.stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> refused(file)));
    }

    private static void refused(Path file) throws Exception {
        String text = Files.readString(file);
        int end = text.indexOf('\n');
        List<String> statuses = Arrays.asList(text.substring(2, end).split(" "));
        String answer = send(text.substring(end + 1));
        String[] parts = answer.split("\r\n\r\n", 2);
        assertEquals(2, parts.length, "no answer: " + answer);
        String status = parts[0].split(" ")[1];
        assertTrue(statuses.contains(status), statuses + " expected, found " + answer);
        assertFalse(LEAK.matcher(answer).find(), answer);
        JsonNode problem = Service.JSON.readTree(parts[1]);
        if (problem.has("error")) {
            assertTrue(text.contains(" /v2/") && problem.size() == 1, answer);
            assertTrue(problem.get("error").textValue().length() < 400, answer);
            served();
            return;
        }
        assertTrue(parts[0].toLowerCase(java.util.Locale.ROOT).contains("content-type: application/problem+json"),
                answer);
        assertEquals(Integer.parseInt(status), problem.get("status").intValue(), answer);
        assertTrue(problem.get("type").textValue().startsWith("urn:ttm4j:problem:"), answer);
        assertTrue(problem.get("detail").textValue().length() < 400, answer);
        served();
    }

    private static void served() throws Exception {
        assertEquals(200, service
                .send(service.request("/v1/forecast")
                        .header("Authorization", "Bearer " + TOKEN)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(
                                "{\"series\":[{\"values\":[1,2,3,4,5,6,7,8]}],\"horizon\":2,\"mode\":\"fast\"}")))
                .statusCode());
    }

    /** What comes back until the connection ends or nothing has come for a while. */
    private static String send(String template) throws Exception {
        int end = template.indexOf("\n\n");
        String head = end < 0 ? template : template.substring(0, end + 2);
        String rest = template.substring(head.length());
        byte[] body = bytes(head.contains("chunked") ? rest.replace("\n", "\r\n") : rest, 0);
        try (Socket socket = new Socket("127.0.0.1", service.server.port())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(4000);
            Thread reader = null;
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            reader = Thread.ofPlatform().start(() -> {
                try {
                    byte[] buffer = new byte[1 << 14];
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        answer.write(buffer, 0, n);
                        if (isWhole(answer.toString(StandardCharsets.UTF_8))) return;
                    }
                } catch (IOException e) {
                    // Closed or silent: what has come is the answer.
                }
            });
            OutputStream out = socket.getOutputStream();
            try {
                out.write(bytes(head.replace("\n", "\r\n"), body.length));
                out.flush();
                Matcher slow = Pattern.compile("\\{\\{slow (.)\\*(\\d+)\\}\\}").matcher(template);
                if (slow.find()) {
                    for (byte one : body) {
                        out.write(one);
                        out.flush();
                        Thread.sleep(50);
                    }
                } else {
                    out.write(body);
                    out.flush();
                }
            } catch (SocketException closed) {
                // It has answered already.
            }
            reader.join();
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    private static boolean isWhole(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(answer);
        return end >= 0 && length.find() && answer.substring(end + 4).getBytes(StandardCharsets.UTF_8).length >= Integer
                .parseInt(length.group(1));
    }

    private static byte[] bytes(String text, int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Matcher place = PLACE.matcher(text);
        int done = 0;
        while (place.find()) {
            bytes.write(text.substring(done, place.start()).getBytes(StandardCharsets.UTF_8));
            done = place.end();
            String what = place.group(1);
            if (what.equals("head")) {
                bytes.write(("Host: 127.0.0.1:" + service.server.port() + "\r\nAuthorization: Bearer " + TOKEN)
                        .getBytes(StandardCharsets.UTF_8));
            } else if (what.equals("length")) {
                bytes.write(Integer.toString(length).getBytes(StandardCharsets.UTF_8));
            } else if (what.startsWith("hex ")) {
                bytes.write(HexFormat.of().parseHex(what.substring(4).replace(" ", "")));
            } else if (what.startsWith("gzip ")) {
                try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
                    out.write(" ".repeat(Integer.parseInt(what.substring(5))).getBytes(StandardCharsets.UTF_8));
                }
            } else {
                int times = Integer.parseInt(place.group(4));
                for (int i = 0; i < times; i++) {
                    bytes.write(place.group(3).replace("#n", Integer.toString(i)).getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        bytes.write(text.substring(done).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }
}
