import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;

/**
 * Attacks a service that listens on a port of this machine: {@code java Siege.java PORT [PART OF A NAME]}. An attack is a
 * method that returns null when the service held and what happened when it did not, and a line in {@link #attacks}.
 */
public final class Siege {
    private static final String HOST = "Host: 127.0.0.1\r\n";
    private static final String HEALTH = "GET /health/live HTTP/1.1\r\n" + HOST + "\r\n";
    private static final String POST = "POST /v1/forecast HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n";
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
    /** Longer than the service waits for a head or a body, which is 10 s. */
    private static final int PATIENCE_MILLIS = 15_000;
    /** Within which others must be answered. */
    private static final int PROMPT_MILLIS = 5_000;
    private static final int CROWD = 1_000;

    private static int port;

    private Siege() {}

    public static void main(String[] arguments) throws Exception {
        port = Integer.parseInt(arguments[0]);
        String part = arguments.length > 1 ? arguments[1] : "";
        boolean held = true;
        for (Map.Entry<String, Callable<String>> attack : attacks().entrySet()) {
            if (!attack.getKey().contains(part)) continue;
            String happened;
            try {
                happened = attack.getValue().call();
                if (happened == null && !isHealthy()) happened = "afterwards /health/live is not answered";
            } catch (IOException e) {
                happened = e.toString();
            }
            held &= happened == null;
            System.out.printf("%-48s %s%n", attack.getKey(), happened == null ? "held" : happened);
        }
        if (!held) System.exit(1);
    }

    private static Map<String, Callable<String>> attacks() {
        Map<String, Callable<String>> attacks = new LinkedHashMap<>();
        attacks.put("a chunk with an extension", () -> smuggle(CHUNKED + "2;a=b\r\n{}\r\n0\r\n\r\n"));
        attacks.put("a chunk of -1 bytes", () -> smuggle(CHUNKED + "-1\r\n"));
        attacks.put("a chunk of 7fffffff bytes", () -> smuggle(CHUNKED + "7fffffff\r\n"));
        attacks.put("a chunk that ends in other bytes than CR LF", () -> smuggle(CHUNKED + "2\r\n{}xx0\r\n\r\n"));
        attacks.put("a body behind an answer of 403", () -> smuggle(POST.replace("127.0.0.1", "elsewhere")
                + "Expect: 100-continue\r\nContent-Length: " + HEALTH.length() + "\r\n\r\n"));
        attacks.put("a body beyond the limit, declared", () -> smuggle(POST + "Content-Length: 99999999\r\n\r\n"));
        attacks.put("16.3 MB of blanks in gzip", Siege::bomb);
        attacks.put("a head that stops", () -> stall("GET /health/live HT"));
        attacks.put("a head without its body", () -> stall(POST + "Content-Length: 9\r\n\r\n"));
        attacks.put("a body that stops", () -> stall(POST + "Content-Length: 9\r\n\r\n{"));
        attacks.put("a chunk that stops", () -> stall(CHUNKED + "9\r\n{"));
        attacks.put("a head of a byte each second", () -> drip("GET /health/live HTTP/1.1\r\nX: "));
        attacks.put("a body of a byte each second", () -> drip(POST + "Content-Length: 999999\r\n\r\n"));
        attacks.put("1,000 connections without a byte", () -> crowd("", 100));
        attacks.put("1,000 heads that stop", () -> crowd("GET /health/live HT", 100));
        attacks.put("1,000 bodies that stop", () -> crowd(POST + "Content-Length: 9\r\n\r\n{", 100));
        attacks.put("1,000 clients that take no answers",
                () -> crowd(HEALTH.replace("health/live", "openapi.json").repeat(100), 10));
        return attacks;
    }

    /** Sends requests behind one that is at fault: it is answered, and they are not. */
    private static String smuggle(String request) throws IOException {
        try (Socket socket = open(request + HEALTH + HEALTH)) {
            String answer = rest(socket, PATIENCE_MILLIS);
            if (answer == null) return "the connection stays open";
            if (!answer.startsWith("HTTP/1.1 4")) return "answered " + firstLine(answer);
            return answer.lastIndexOf("HTTP/1.1 ") == 0 ? null : "what was behind it ran as a request";
        }
    }

    private static String bomb() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            byte[] blanks = " ".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
            for (long size = 0; size < (17L << 20); size += blanks.length) out.write(blanks);
        }
        for (int i = 0; i < 100; i++) packed.write(HEALTH.getBytes(StandardCharsets.US_ASCII));
        return smuggle(POST + "Content-Encoding: gzip\r\nContent-Length: " + packed.size() + "\r\n\r\n"
                + packed.toString(StandardCharsets.ISO_8859_1));
    }

    /** Sends a part of a request and no more: it is answered 408, and the connection is closed. */
    private static String stall(String part) throws IOException {
        try (Socket socket = open(part)) {
            String answer = rest(socket, PATIENCE_MILLIS);
            if (answer == null) return "the connection stays open";
            return answer.startsWith("HTTP/1.1 408 ") ? null : "answered " + firstLine(answer);
        }
    }

    /** Sends a byte each second: the connection is closed all the same. */
    private static String drip(String part) throws IOException, InterruptedException {
        try (Socket socket = open(part)) {
            for (int waited = 0; waited < PATIENCE_MILLIS; waited += 1000) {
                try {
                    socket.getOutputStream().write('a');
                } catch (IOException closed) {
                    return null;
                }
                Thread.sleep(1000);
            }
            return "the connection stays open";
        }
    }

    /** Has more connections than there are places, and opens those anew that are closed: others are served meanwhile. */
    private static String crowd(String part, int atOnce) throws IOException, InterruptedException {
        List<Socket> all = new ArrayList<>();
        int asked = 0;
        int failed = 0;
        try {
            for (long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L; System.nanoTime() < end;) {
                try {
                    for (int i = 0; i < atOnce; i++) {
                        if (all.size() > CROWD) all.remove(0).close();
                        all.add(open(part));
                    }
                } catch (IOException refused) {
                    // So are others, perhaps.
                }
                asked++;
                if (!isHealthy()) failed++;
                Thread.sleep(50);
            }
        } finally {
            for (Socket one : all) one.close();
        }
        return failed == 0 ? null : failed + " of " + asked + " requests for /health/live were not answered in 5 s";
    }

    private static boolean isHealthy() {
        try (Socket socket = open(HEALTH.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))) {
            String answer = rest(socket, PROMPT_MILLIS);
            return answer != null && answer.startsWith("HTTP/1.1 204 ");
        } catch (IOException e) {
            return false;
        }
    }

    private static Socket open(String text) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setReceiveBufferSize(1 << 12); // of answers that nobody takes, few fit
        socket.connect(new InetSocketAddress("127.0.0.1", port), PROMPT_MILLIS);
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException closed) {
            // It has been answered already.
        }
        return socket;
    }

    /** What comes until the connection is closed; null when it stays open. */
    private static String rest(Socket socket, int millis) throws IOException {
        socket.setSoTimeout(millis);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            for (int one = socket.getInputStream().read(); one >= 0; one = socket.getInputStream().read()) {
                answer.write(one);
            }
        } catch (SocketTimeoutException e) {
            return null;
        } catch (IOException reset) {
            // Closed as well.
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private static String firstLine(String answer) {
        return answer.isEmpty() ? "nothing" : answer.lines().findFirst().orElseThrow();
    }
}
