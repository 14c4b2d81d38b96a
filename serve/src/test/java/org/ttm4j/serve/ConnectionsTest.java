package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Limits;
import org.ttm4j.serve.settings.Settings.StoreSettings;

/** What a client can do with a connection, over bare sockets. */
class ConnectionsTest {
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    private static final String HEALTH = "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    private static final String PUT = "PUT /v1/series/a HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n";
    private static final String CHUNKED = PUT + "Transfer-Encoding: chunked\r\n\r\n";
    private static final Duration SHORT = Duration.ofMillis(300);
    /** Against hanging alone. */
    private static final int GUARD_MILLIS = 20_000;

    @TempDir
    static Path folder;
    private static Service service;
    private static Service patient;

    @BeforeAll
    static void start() throws IOException {
        service = service("short.mv", SHORT, Duration.ofSeconds(2), 100);
        patient = service("patient.mv", Duration.ofMinutes(5), Duration.ofMinutes(5), 4);
    }

    private static Service service(String store, Duration bodyTime, Duration requestTime, int connections)
            throws IOException {
        Limits all = Limits.defaults();
        return new Service(Settings.defaults()
                .withLimits(new Limits(1 << 20, all.channels(), all.history(), all.horizon(), all.numbers(),
                        all.levels(), all.depth(), bodyTime, requestTime, connections, all.series(), all.listeners()))
                .withStore(StoreSettings.file(folder.resolve(store))));
    }

    @AfterAll
    static void stop() {
        service.close();
        patient.close();
    }

    private static Socket open(Service to, String text) throws IOException {
        Socket socket = new Socket("127.0.0.1", to.server.port());
        socket.setSoTimeout(GUARD_MILLIS);
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    /** What comes back until the connection is closed. */
    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String exchange(String request) throws IOException {
        try (Socket socket = open(patient, request)) {
            return rest(socket);
        }
    }

    /** One answer, which announces that it is the last, and is. */
    private static void assertLast(int status, String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
        assertEquals(0, answer.lastIndexOf("HTTP/1.1 "), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2;extension=1\r\n{}\r\n0\r\n\r\n", "-1\r\n", "+2\r\n{}\r\n0\r\n\r\n",
            "\r\n{}\r\n0\r\n\r\n", "2\r\n{}xx0\r\n\r\n", "2\r\n{}0\r\n\r\n",
            "00000000000000000000000000002\r\n{}\r\n0\r\n\r\n"})
    void aChunkThatIsMalformedIsTheLastThatIsRead(String chunks) throws Exception {
        assertLast(400, exchange(CHUNKED + chunks + NEXT));
    }

    @Test
    void aChunkMayHaveAnyBytes() throws Exception {
        String answer = exchange(CHUNKED + "1\r\n{\r\n01\r\n}\r\n2\r\n\r\n\r\n0\r\n\r\n"
                + "GET /health/live HTTP/1.1\r\n" + "Host: 127.0.0.1\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 422 "), answer);
        assertTrue(answer.contains("HTTP/1.1 204 "), answer);
    }

    /** A proxy that keeps the connection would take it for the answer to its next request. */
    @Test
    void anAnswerToHeadHasNoBody() throws Exception {
        for (String path : new String[]{"/", "/nothing", "/v1/series", "/v2/health/live"}) {
            String answer = exchange("HEAD " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                    + HEALTH.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
            assertTrue(answer.startsWith("HTTP/1.1 40"), answer);
            assertTrue(answer.contains("\r\n\r\nHTTP/1.1 204 "), answer);
        }
    }

    /** The server skips two characters there too. */
    @Test
    void namesMayHaveOneCharacter() throws Exception {
        String end = "\r\nConnection: close\r\n\r\n";
        String header = exchange(HEALTH.replace("\r\n\r\n", "\r\na: b\r\nc:\r\nd:e" + end));
        assertTrue(header.startsWith("HTTP/1.1 204 "), header);
        String path = exchange("GET / HTTP/1.1\r\nHost: 127.0.0.1" + end);
        assertTrue(path.startsWith("HTTP/1.1 200 "), path);
        String method = exchange("A /health/live HTTP/1.1\r\nHost: 127.0.0.1" + end);
        assertTrue(method.startsWith("HTTP/1.1 405 "), method);
    }

    @Test
    void aProxyThatSpeaksHttp10IsToldWhatHelps() throws Exception {
        String answer = exchange(HEALTH.replace("HTTP/1.1", "HTTP/1.0"));
        assertLast(505, answer);
        assertTrue(answer.contains("proxy_http_version 1.1"), answer);
    }

    @Test
    void nothingIsReadBehindAnAnswerThatCloses() throws Exception {
        assertLast(413, exchange(CHUNKED + "7fffffff\r\n" + NEXT));
        String large = exchange(PUT + "Content-Length: 99999999\r\n\r\n" + NEXT);
        assertLast(413, large);
        assertTrue(large.contains("expected a body of at most "), large);
        String packedOtherwise = exchange(PUT + "Content-Encoding: br\r\nContent-Length: 2\r\n\r\n{}" + NEXT);
        assertLast(415, packedOtherwise);
        assertTrue(packedOtherwise.contains("expected Content-Encoding: gzip"), packedOtherwise);
        assertLast(204, exchange(HEALTH.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n") + NEXT));
        String elsewhere = exchange(PUT.replace("127.0.0.1", "elsewhere") + "Expect: 100-continue\r\nContent-Length: "
                + NEXT.length() + "\r\n\r\n" + NEXT);
        assertLast(403, elsewhere);
        assertTrue(elsewhere.contains("--token-file"), elsewhere);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(" ".repeat((1 << 20) + 4096).getBytes(StandardCharsets.US_ASCII));
        }
        packed.write(NEXT.getBytes(StandardCharsets.US_ASCII));
        assertLast(413, exchange(PUT + "Content-Encoding: gzip\r\nContent-Length: " + packed.size() + "\r\n\r\n"
                + packed.toString(StandardCharsets.ISO_8859_1) + NEXT));
    }

    /** Its client still sends when the answer comes, and gets it nevertheless. */
    @Test
    void anAnswerBeforeTheEndOfTheBodyArrives() throws Exception {
        try (Socket socket = open(patient, PUT + "Content-Length: 99999999\r\n\r\n")) {
            socket.getInputStream().skipNBytes(1);
            socket.getOutputStream().write(new byte[1 << 20]);
            assertTrue(rest(socket).contains("\"status\":413"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /health/live HTTP/1.1\r\nHos", "G", PUT + "Content-Length: 9\r\n\r\n",
            PUT + "Content-Length: 9\r\n\r\n{", CHUNKED + "5\r\n{", CHUNKED, HEALTH + "GET /health"})
    void aRequestThatDoesNotArriveIsAnswered408(String part) throws Exception {
        try (Socket socket = open(service, part)) {
            String answer = rest(socket);
            assertLast(408, answer.substring(answer.lastIndexOf("HTTP/1.1 ")));
            assertTrue(answer.contains("urn:ttm4j:problem:timeout"), answer);
        }
    }

    @Test
    void bytesNowAndThenDoNotExtendTheTime() throws Exception {
        for (String begun : new String[]{"GET /", PUT + "Content-Length: 999999\r\n\r\n"}) {
            try (Socket socket = open(service, begun)) {
                assertThrows(SocketException.class, () -> {
                    // A closed connection refuses a byte at last.
                    for (int i = 0; i < GUARD_MILLIS / 20; i++) {
                        socket.getOutputStream().write('a');
                        Thread.sleep(20);
                    }
                });
            }
        }
    }

    @Test
    void aConnectionWithoutARequestIsClosedWithoutAnAnswer() throws Exception {
        try (Socket socket = open(service, "")) {
            assertEquals("", rest(socket));
        }
    }

    @Test
    void aBodyThatNobodyReadsIsNotWaitedForEither() throws Exception {
        try (Socket socket = open(service, PUT.replace("/v1/series/a", "/nothing") + "Content-Length: 9\r\n\r\n{")) {
            String answer = rest(socket);
            assertTrue(answer.startsWith("HTTP/1.1 404 "), answer);
        }
    }

    @Test
    void aClientThatTakesNoAnswersIsLeft() throws Exception {
        byte[] many = "GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".repeat(100)
                .getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(1 << 12);
            socket.connect(new InetSocketAddress("127.0.0.1", service.server.port()));
            assertThrows(SocketException.class, () -> {
                for (int i = 0; i < 10_000; i++) socket.getOutputStream().write(many);
            });
        }
    }

    /** Four places, and always somebody new: who has been waited for the longest leaves, and nobody is refused. */
    @Test
    void whenAllPlacesAreTakenTheOneThatWasWaitedForLongestLeaves() throws Exception {
        List<Socket> held = new ArrayList<>();
        try {
            String[] parts = {"", "GET /", PUT + "Content-Length: 9\r\n\r\n{", HEALTH};
            for (String part : parts) {
                held.add(open(patient, part));
                assertTrue(exchange(HEALTH.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
                        .startsWith("HTTP/1.1 204"));
            }
            for (int i = 0; i < 20; i++) {
                held.add(open(patient, parts[i % 4]));
                Socket asking = open(patient, HEALTH);
                held.add(asking);
                assertEquals('H', asking.getInputStream().read());
            }
            for (Socket first : held.subList(0, 4)) assertLeft(first);
        } finally {
            for (Socket one : held) one.close();
        }
    }

    private static void assertLeft(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        try {
            in.readAllBytes();
        } catch (SocketException reset) {
            // Left as well.
        }
    }

    @Test
    void aPortThatIsTakenIsSaid() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            IOException e = assertThrows(IOException.class,
                    () -> ForecastServer
                            .start(Settings.defaults().withAddress("127.0.0.1", other.getLocalPort()), System.out)
                            .close());
            assertTrue(e.getMessage().startsWith("127.0.0.1:" + other.getLocalPort() + " cannot be listened on"),
                    e.getMessage());
            assertFalse(e.getMessage().contains("Exception"), e.getMessage());
        }
    }
}
