package org.ttm4j.bench.serve;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Attacks a service of 512 MB as a client on the network can, and one of 128 MB by requests within the limits, and asks
 * whether others are still served; the latter may end, if it says why. Argument: a part of a name. An attack is a method
 * that returns null when the service held and what happened when it did not, and a line in {@link #attacks}; those whose
 * names begin with 128m are for that heap.
 */
public final class ServeSiege {
    private static final String HOST = "Host: 127.0.0.1\r\n";
    private static final String HEALTH = "GET /health/live HTTP/1.1\r\n" + HOST + "\r\n";
    private static final String POST = "POST /v1/forecast HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n";
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
    /** Longer than the service waits for a head or a body, which is 10 s. */
    private static final int PATIENCE_MILLIS = 15_000;
    /** Within which others must be answered. */
    private static final int PROMPT_MILLIS = 5_000;
    private static final int CROWD = 1_000;
    private static final int SMALL_HEAP_SECONDS = 30;
    private static final String JSON = "application/json";
    private static final String TABLE = "text/csv";
    private static final String WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private static final String SMALL_HEAP = "128m";

    private static int port;

    private ServeSiege() {}

    public static void main(String[] arguments) throws Exception {
        boolean held = true;
        for (String heap : List.of("512m", SMALL_HEAP)) held &= holds(heap, arguments.length > 0 ? arguments[0] : "");
        System.exit(held ? 0 : 1);
    }

    private static boolean holds(String heap, String part) throws Exception {
        Path log = Files.createTempFile("siege", ".log");
        ProcessBuilder start = new ProcessBuilder(ServiceProcess.program().toString(), "serve", "--port", "0",
                "--store", "none").redirectErrorStream(true).redirectOutput(log.toFile());
        start.environment().put("TTM_JAVA_OPTIONS", "-Xmx" + heap);
        Process service = start.start();
        try {
            while (!Files.readString(log).contains("ttm: ready")) {
                if (!service.isAlive()) throw new IOException("the service ended: " + Files.readString(log));
                Thread.sleep(200);
            }
            port = Integer
                    .parseInt(Files.readString(log).replaceAll("(?s).*ttm: listening on [^\n]*:(\\d+)\n.*", "$1"));
            boolean held = attackAll(heap, part);
            if (service.isAlive()) return held;
            String said = Files.readString(log)
                    .lines()
                    .filter(line -> line.contains("OutOfMemoryError"))
                    .findFirst()
                    .orElse(null);
            System.out.println("the service has ended: " + said);
            return held && heap.equals(SMALL_HEAP) && said != null;
        } finally {
            service.destroy();
            service.waitFor();
            Files.delete(log);
        }
    }

    private static boolean attackAll(String heap, String part) throws Exception {
        boolean held = true;
        for (Map.Entry<String, Callable<String>> attack : attacks().entrySet()) {
            if (!attack.getKey().contains(part)) continue;
            if (attack.getKey().startsWith(SMALL_HEAP) != heap.equals(SMALL_HEAP)) continue;
            String happened = attack.getValue().call();
            if (happened == null && !isHealthy() && !hasEnded()) happened = "afterwards /health/live is not answered";
            held &= happened == null;
            System.out.printf("%-48s %s%n", attack.getKey(), happened == null ? "held" : happened);
        }
        return held;
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
        attacks.put("16.3 MB of blanks in gzip", ServeSiege::bomb);
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
        String brackets = "[".repeat(59_000);
        attacks.put("tables that are workbooks of 59,000 brackets", () -> workbooks(TABLE, brackets, "B", "415"));
        attacks.put("workbooks with a format of 59,000 brackets", () -> workbooks(WORKBOOK, brackets, "B", "400"));
        attacks.put("workbooks with a cell at column ZZZZZZ", () -> workbooks(WORKBOOK, "0.0", "ZZZZZZ", "400"));
        attacks.put("a client that leaves while 100 series are forecast", ServeSiege::leave);
        attacks.put("128m: clients with requests within the limits", ServeSiege::exhaust);
        return attacks;
    }

    /** Sends requests behind one that is at fault: it is answered, and they are not. */
    private static String smuggle(String request) {
        String answer = answer(request + HEALTH + HEALTH, PATIENCE_MILLIS);
        if (!has(answer, "4")) return "answered " + firstLine(answer);
        return answer.lastIndexOf("HTTP/1.1 ") == 0 ? null : "what was behind it ran as a request";
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
    private static String stall(String part) {
        String answer = answer(part, PATIENCE_MILLIS);
        return has(answer, "408") ? null : "answered " + firstLine(answer);
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

    /** Has four clients post a workbook with a format and with a cell in a column: they are refused, and no others. */
    private static String workbooks(String type, String format, String column, String expected) throws IOException {
        String cell = "<c s='1' r='%s'><v>43831</v></c>";
        String rows = ("<row>" + cell.formatted("A") + cell.formatted(column) + "</row>").repeat(300);
        Map<String, String> parts = Map.of("_rels/workbook.xml.rels",
                "<r><Relationship Id='a' Type='' Target='s.xml'/></r>", "workbook.xml",
                "<workbook><sheet id='a'/></workbook>", "s.xml", "<sheetData>" + rows + "</sheetData>", "styles.xml",
                "<s><numFmt numFmtId='164' formatCode='" + format
                        + "'/><cellXfs><xf numFmtId='0'/><xf numFmtId='164'/></cellXfs></s>");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            for (Map.Entry<String, String> each : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry("xl/" + each.getKey()));
                zip.write(each.getValue().getBytes(StandardCharsets.US_ASCII));
            }
        }
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) clients.add(open(post(type, packed.toString(StandardCharsets.ISO_8859_1))));
            if (!isHealthy()) return "/health/live is not answered meanwhile";
            if (!isServed()) return "a short request is not answered meanwhile";
            for (Socket client : clients) {
                String answer = rest(client, PROMPT_MILLIS);
                if (!has(answer, expected)) return "answered " + firstLine(answer);
            }
            return null;
        } finally {
            for (Socket client : clients) client.close();
        }
    }

    /** Asks for much, leaves, and asks whether another client is served as soon as before. */
    private static String leave() throws IOException, InterruptedException {
        long began = System.nanoTime();
        for (int i = 0; i < 4; i++) if (!isServed()) return "a short request is not answered before";
        long usual = millisSince(began) / 4;
        Socket client = open(post(JSON, json(100, 512, 10_000)));
        Thread.sleep(1000);
        client.close();
        began = System.nanoTime();
        int refused = 0;
        while (!isServed()) {
            if (millisSince(began) > 60_000) return "a short request is not answered in a minute";
            refused++;
            Thread.sleep(50);
        }
        if (millisSince(began) < PROMPT_MILLIS + 5 * usual) return null;
        return usual + " ms before, " + millisSince(began) + " ms afterwards, " + refused
                + " refused or not answered in 15 s";
    }

    /** Has clients ask for what the limits allow: they are answered or refused, or the service ends. */
    private static String exhaust() throws InterruptedException {
        String[] requests = {post(JSON, json(1_000, 2_000, 100)), post(JSON, json(100, 512, 10_000)),
                post(JSON, json(30, 100_000, 96)), post(TABLE, "time,load\n" + "2024-01-01,1\n".repeat(1_200_000))};
        long end = System.nanoTime() + SMALL_HEAP_SECONDS * 1_000_000_000L;
        List<String> bad = Collections.synchronizedList(new ArrayList<>());
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String request = requests[i % requests.length];
            clients.add(Thread.ofVirtual().start(() -> {
                while (System.nanoTime() < end && !hasEnded()) {
                    String answer = answer(request, 2000 * SMALL_HEAP_SECONDS);
                    if (answer == null || has(answer, "5") && !has(answer, "503"))
                        bad.add("answered " + firstLine(answer));
                }
            }));
        }
        for (; System.nanoTime() < end && !hasEnded(); Thread.sleep(200)) {
            if (!isHealthy() && !hasEnded()) bad.add("/health/live is not answered in 5 s");
        }
        for (Thread client : clients) if (!client.join(Duration.ofMinutes(2))) bad.add("a request is not taken");
        if (bad.isEmpty()) return hasEnded() || isServed() ? null : "afterwards a short request is not answered";
        return bad.size() + " times, such as: " + bad.get(0);
    }

    /** Series, each of so many values, to be forecast by so many steps. */
    private static String json(int series, int values, int horizon) {
        String one = "{\"values\":[" + "1,2,3,2,".repeat(values / 4 - 1) + "1,2,3,2]}";
        String all = "{'mode':'fast','horizon':" + horizon + ",'series':[" + (one + ",").repeat(series - 1) + one
                + "]}";
        return all.replace('\'', '"');
    }

    private static String post(String type, String body) {
        String head = POST.replace(JSON, type) + "Connection: close\r\nContent-Length: ";
        return head + body.length() + "\r\n\r\n" + body;
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    /** Whether a short request is answered with a forecast. */
    private static boolean isServed() {
        return has(answer(post(JSON, json(1, 64, 4)), PATIENCE_MILLIS), "200");
    }

    private static boolean hasEnded() {
        return "refused".equals(answer("", 1));
    }

    private static boolean isHealthy() {
        return has(answer(HEALTH.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"), PROMPT_MILLIS), "204");
    }

    /** What is answered until the connection is closed; null when it stays open. */
    private static String answer(String request, int millis) {
        try (Socket socket = open(request)) {
            return rest(socket, millis);
        } catch (IOException e) {
            return e instanceof ConnectException ? "refused" : "";
        }
    }

    private static boolean has(String answer, String status) {
        return answer != null && answer.startsWith("HTTP/1.1 " + status);
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
            socket.getInputStream().transferTo(answer);
        } catch (SocketTimeoutException e) {
            return null;
        } catch (IOException reset) {
            // Closed as well.
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private static String firstLine(String answer) {
        return answer == null ? "too late" : answer.isEmpty() ? "nothing" : answer.lines().findFirst().orElseThrow();
    }
}
