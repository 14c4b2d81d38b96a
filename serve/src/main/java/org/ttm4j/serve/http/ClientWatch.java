package org.ttm4j.serve.http;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.io.UncheckedIOException;

/**
 * Notices that the client of a request is gone while it is worked on: its connection is read, which ends when the client
 * closes it, or its half of it. What else is read is lost, so no other request can follow on the connection. Thread-safe.
 */
public final class ClientWatch implements Http1ConnectionListener {
    private static final ThreadLocal<HelidonSocket> SOCKET = new ThreadLocal<>();

    @Override
    public void prologue(ConnectionContext connection, HttpPrologue prologue) {
        SOCKET.set(connection.serverSocket());
    }

    /** Begins to watch the client whose request this thread answers, until its connection is closed. */
    static void start(Runnable gone) {
        HelidonSocket socket = SOCKET.get();
        Thread.ofVirtual().start(() -> {
            if (isAtEnd(socket)) gone.run();
        });
    }

    private static boolean isAtEnd(HelidonSocket socket) {
        try {
            byte[] bytes = socket.get();
            return bytes == null || bytes.length == 0;
        } catch (UncheckedIOException e) {
            return true;
        }
    }
}
