package org.ttm4j.serve.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ttm4j.serve.http.AccessLog;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Background;
import org.ttm4j.serve.settings.Settings.WatchSettings;

/** Messages to webhooks: signed, sent again, in their order, and given up in the end. */
class WebhooksTest {
    private static final String SECRET = "secret of the test";

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private HttpServer server;
    private Webhooks webhooks;
    private volatile int[] answers = {};
    private int answered;
    private volatile boolean stalls;

    private record Received(String body, String time, String signature, String delivery) {}

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", this::answer);
        server.start();
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
        webhooks = new Webhooks(new Background(null, List.of(address), SECRET, null), Duration.ofMillis(1),
                Duration.ofSeconds(2), new AccessLog(new PrintStream(log, true, StandardCharsets.UTF_8)));
    }

    @AfterEach
    void stop() {
        webhooks.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        received.add(new Received(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                exchange.getRequestHeaders().getFirst("Ttm-Timestamp"),
                exchange.getRequestHeaders().getFirst("Ttm-Signature"),
                exchange.getRequestHeaders().getFirst("Ttm-Delivery")));
        int status = answered < answers.length ? answers[answered++] : 204;
        exchange.sendResponseHeaders(stalls ? 200 : status, stalls ? 10 : -1);
        if (stalls) return;
        exchange.close();
    }

    private Received next() throws InterruptedException {
        return received.poll(30, TimeUnit.SECONDS);
    }

    private void send(String json) {
        webhooks.send(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aMessageIsSignedWithItsTime() throws Exception {
        send("{\"series\":\"a\"}");
        Received one = next();
        assertEquals("{\"series\":\"a\"}", one.body);
        assertTrue(Math.abs(Long.parseLong(one.time) - Instant.now().getEpochSecond()) < 60);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] expected = mac.doFinal((one.time + "." + one.body).getBytes(StandardCharsets.UTF_8));
        assertEquals("sha256=" + HexFormat.of().formatHex(expected), one.signature);
    }

    @Test
    void whatIsNotTakenIsSentAgainBeforeTheNext() throws Exception {
        answers = new int[]{500, 429, 200};
        send("1");
        send("2");
        Received first = next();
        assertEquals(List.of("1", "1", "1", "2"), List.of(first.body, next().body, next().body, next().body));
        assertEquals("", log.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsRefusedOrNeverTakenIsLogged() throws Exception {
        answers = new int[]{410, 500, 500, 500, 500, 500, 500, 500, 500};
        for (String body : List.of("1", "2", "3")) send(body);
        assertEquals("1", next().body);
        Received second = next();
        for (int i = 1; i < 8; i++) assertEquals(second.delivery, next().delivery);
        assertEquals("3", next().body);
        assertTrue(log.toString(StandardCharsets.UTF_8).contains("answered 410"));
        assertTrue(log.toString(StandardCharsets.UTF_8).contains("answered 500"));
    }

    @Test
    void anAnswerThatDoesNotEndIsGivenUp() throws Exception {
        stalls = true;
        send("1");
        Received first = next();
        assertEquals(first.delivery, next().delivery);
        stalls = false;
    }

    @Test
    void secretsAreNotWritten() {
        Background background = new Background(null, List.of(URI.create("https://example.org/hook")), SECRET,
                new WatchSettings(URI.create("http://localhost"), "token of the test", List.of(), Duration.ofSeconds(1),
                        Duration.ofSeconds(1), Duration.ofSeconds(1), List.of(), 0.9, 1));
        String text = background + " "
                + Settings.defaults().withBackground(background).withAccess("token of the test", false, null);
        assertFalse(text.contains("of the test"), text);
    }

    @Test
    void addressesNeedASecretAndAHost() {
        List<URI> one = List.of(URI.create("https://example.org/hook"));
        assertThrows(IllegalArgumentException.class, () -> new Background(null, one, null, null));
        assertThrows(IllegalArgumentException.class,
                () -> new Background(null, List.of(URI.create("file:///etc/passwd")), SECRET, null));
    }
}
