package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.ttm4j.serve.settings.Settings;

/** Messages of assistants: a few at a time, each as long as its client is there. */
class AssistantsTest {
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore interrupted = new Semaphore(0);
    private final CountDownLatch never = new CountDownLatch(1);

    private String answer(String message) {
        if (message.equals("now")) return "{}";
        begun.release();
        while (message.equals("busy") && never.getCount() > 0) Thread.onSpinWait();
        try {
            never.await();
        } catch (InterruptedException gone) {
            interrupted.release();
            throw new IllegalStateException(gone);
        }
        return "{}";
    }

    private static Socket send(int port, String message) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.getOutputStream()
                .write(("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Connection: close\r\nContent-Length: " + message.length() + "\r\n\r\n" + message)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    /** They work for as long as a forecast takes, or many. */
    @Test
    void messagesThatAreWorkedOnKeepNobodyElseWaiting() throws Exception {
        try (Service service = new Service(Settings.defaults(), this::answer)) {
            service.server.awaitReady();
            List<Socket> busy = new ArrayList<>();
            for (int i = 0; i < 4; i++) busy.add(send(service.server.port(), "busy"));
            try {
                assertTrue(begun.tryAcquire(4, 30, TimeUnit.SECONDS), "some wait for a processor");
                assertTimeoutPreemptively(Duration.ofSeconds(20), () -> service.get("/health/live"));
            } finally {
                never.countDown();
            }
            for (Socket socket : busy) {
                assertTrue(answer(socket).startsWith("HTTP/1.1 200 "));
                socket.close();
            }
        }
    }

    @Test
    void aFewAreAnsweredAtATimeAndNoneForAClientThatIsGone() throws Exception {
        try (ForecastServer server = ForecastServer.start(Settings.defaults().withAddress("127.0.0.1", 0),
                new PrintStream(OutputStream.nullOutputStream()), this::answer)) {
            server.awaitReady();
            List<Socket> waiting = new ArrayList<>();
            for (int i = 0; i < 4; i++) waiting.add(send(server.port(), "later"));
            begun.acquire(4);
            try (Socket fifth = send(server.port(), "now")) {
                String refused = answer(fifth);
                assertTrue(refused.startsWith("HTTP/1.1 429 ") && refused.contains("Retry-After: 1"), refused);
            }
            for (Socket socket : waiting) socket.close();
            assertTrue(interrupted.tryAcquire(4, 30, TimeUnit.SECONDS));
            String taken = "429";
            while (taken.contains("429")) {
                try (Socket next = send(server.port(), "now")) {
                    taken = answer(next);
                }
            }
            assertEquals("HTTP/1.1 200 OK", taken.lines().findFirst().orElse(""));
        }
    }
}
