package org.ttm4j.serve.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.ttm4j.serve.settings.Settings.Limits;

/**
 * One connection, and until when its client may keep the service waiting. A head, and then its body, must arrive whole within
 * {@link Limits#bodyTime()}; to take a part of an answer, a client has {@link Limits#requestTime()}. Between requests the server
 * itself counts. One thread serves it; {@link Connections} ends waits that last too long, from another.
 */
final class Connection implements ConnectionContext, DataWriter {
    private static final ThreadLocal<Connection> CURRENT = new ThreadLocal<>();
    /** Time for a client to take the last answer and to close. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);
    private static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE / 2);

    private final SocketChannel channel;
    private final Limits limits;
    private final DataReader reader = new StrictReader(this::read);
    private ConnectionContext context;
    private ServerConnection http;
    private Phase phase;
    private long readUntil;
    private Duration writeTime;
    private boolean last;
    private volatile Wait wait;
    private volatile boolean late;

    /** What is read. */
    private enum Phase {
        /** The first head, of which nothing has arrived. */
        NEW,
        /** A later head, of which nothing has arrived. */
        IDLE, HEAD, BODY
    }

    /** A wait of the service for the client: to send something if {@code reading}, otherwise to receive it. */
    private record Wait(boolean reading, long since, long until) {}

    Connection(SocketChannel channel, Limits limits) {
        this.channel = channel;
        this.limits = limits;
        writeTime = limits.requestTime();
        // Until its thread runs, it waits for the service.
        long now = System.nanoTime();
        wait = new Wait(true, now, now + NEVER.toNanos());
    }

    /** The connection that this thread serves. */
    static Connection current() {
        return CURRENT.get();
    }

    /** Lets requests of this connection be served. */
    ServerConnection serve(ConnectionContext newContext, ServerConnectionSelector selector) {
        context = newContext;
        begin(Phase.NEW, limits.bodyTime());
        CURRENT.set(this);
        http = selector.connection(this);
        return http;
    }

    private void begin(Phase next, Duration time) {
        phase = next;
        readUntil = System.nanoTime() + time.toNanos();
    }

    /** Called when the first line of a request has arrived. */
    void headBegun() {
        writeTime = limits.requestTime();
        if (phase != Phase.HEAD) begin(Phase.HEAD, limits.bodyTime());
    }

    /** Called when the head of a request has arrived. */
    void bodyBegun() {
        begin(Phase.BODY, limits.bodyTime());
    }

    /** Sets the time within which each part of this answer must be taken. */
    void writeTime(Duration time) {
        writeTime = time;
    }

    /**
     * Runs an action if the client closes the connection, or its half of it, during its request. Anything else that the
     * client sends is lost, so this is the last request of the connection.
     */
    void whenGone(Runnable gone) {
        HelidonSocket socket = context.serverSocket();
        Thread.ofVirtual().start(() -> {
            try {
                byte[] bytes = socket.get();
                if (bytes != null && bytes.length > 0) return;
            } catch (UncheckedIOException closed) {
                // As at its end.
            }
            gone.run();
        });
    }

    /** The next bytes; null at the end. */
    private byte[] read() {
        if (phase == Phase.BODY && http instanceof InterruptableTask<?> task && task.canInterrupt()) {
            // The request is answered, and the next one may have begun to arrive with its body.
            if (reader.available() > 0) headBegun();
            else begin(Phase.IDLE, NEVER);
        }
        long now = System.nanoTime();
        if (now - readUntil > 0) throw tooLate();
        byte[] bytes;
        wait = new Wait(true, now, readUntil);
        try {
            bytes = context.serverSocket().get();
        } catch (UncheckedIOException e) {
            throw new ServerConnectionException("the connection failed", e);
        } finally {
            wait = null;
        }
        if (late) throw tooLate();
        if (phase == Phase.IDLE) headBegun();
        if (phase == Phase.NEW) phase = Phase.HEAD;
        return bytes;
    }

    private RuntimeException tooLate() {
        if (phase == Phase.NEW || phase == Phase.IDLE) return new CloseConnectionException("no request arrived");
        return RequestException.builder()
                .type(EventType.BAD_REQUEST)
                .status(Status.REQUEST_TIMEOUT_408)
                .setKeepAlive(false)
                .message("the request did not arrive within the time for it")
                .build();
    }

    /** Writes at once, as the connection does without a queue. */
    @Override
    public void writeNow(BufferData buffer) {
        long now = System.nanoTime();
        wait = new Wait(false, now, now + writeTime.toNanos());
        try {
            context.dataWriter().writeNow(buffer);
        } finally {
            wait = null;
        }
        if (last) takeLeave();
    }

    @Override
    public void writeNow(BufferData... buffers) {
        writeNow(BufferData.create(buffers));
    }

    @Override
    public void write(BufferData buffer) {
        writeNow(buffer);
    }

    @Override
    public void write(BufferData... buffers) {
        writeNow(buffers);
    }

    /** Makes the next answer the last one of this connection. */
    void endAfterAnswer() {
        last = true;
    }

    /** The nanoseconds that the service has waited for the client; negative if it does not wait. */
    long waited(long now) {
        Wait current = wait;
        return current == null ? -1 : Math.max(0, now - current.since);
    }

    /** Ends a wait that has lasted too long. Returns whether the connection is still open. */
    boolean check(long now) {
        Wait current = wait;
        if (current != null && now - current.until > 0) {
            late = true;
            try {
                // What reads sees the end of the stream, and can still answer.
                if (current.reading) channel.shutdownInput();
                else channel.close();
            } catch (IOException e) {
                drop();
            }
        }
        return channel.isOpen();
    }

    /** Closes the connection, whatever it is doing. */
    void drop() {
        try {
            channel.close();
        } catch (IOException closed) {
            // It is closed, as was wanted.
        }
    }

    /** Reads on behind the last answer: if the connection were closed on unread bytes, the answer would be lost on the way. */
    void takeLeave() {
        long now = System.nanoTime();
        long end = now + FAREWELL.toNanos();
        wait = new Wait(true, now, end);
        ByteBuffer unread = ByteBuffer.allocate(1 << 13);
        try {
            if (!isSecure()) channel.shutdownOutput();
            int count;
            do
                count = channel.read(unread.clear());
            while (count >= 0 && System.nanoTime() - end < 0);
        } catch (IOException closed) {
            // The client has closed it too.
        }
        // With TLS, closing writes a message of its own.
        wait = new Wait(false, now, end + FAREWELL.toNanos());
    }

    @Override
    public ListenerContext listenerContext() {
        return context.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return context.executor();
    }

    @Override
    public DataWriter dataWriter() {
        return this;
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public Router router() {
        return context.router();
    }

    @Override
    public HelidonSocket serverSocket() {
        return context.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
        return context.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return context.localPeer();
    }

    @Override
    public boolean isSecure() {
        return context.isSecure();
    }

    @Override
    public String socketId() {
        return context.socketId();
    }

    @Override
    public String childSocketId() {
        return context.childSocketId();
    }

    /**
     * Reads requests for the server, and refuses chunks that the server would take though another program on the way may see other
     * requests in them: without a line end behind their bytes, or with a size that is not of hexadecimal digits alone. For one
     * thread.
     */
    @SuppressWarnings("removal") // a subclass has no other constructor
    private static final class StrictReader extends DataReader {
        private static final int LONGEST_SIZE = 16;

        StrictReader(Supplier<byte[]> source) {
            super(source);
        }

        /** The size of a chunk, or the empty line behind the last one; these alone are read by line. */
        @Override
        public String readLine() {
            if (findNewLine(LONGEST_SIZE) == LONGEST_SIZE) throw refused();
            String size = super.readLine();
            if (size.chars().anyMatch(digit -> Character.digit(digit, 16) < 0)) throw refused();
            return size;
        }

        /** Skips some bytes; two are skipped where a line ends, and nowhere else. */
        @Override
        public void skip(int count) {
            if (count == 2 && !startsWithNewLine()) throw refused();
            super.skip(count);
        }

        @Override
        public BufferData readBuffer(int length) {
            BufferData data = getBuffer(length);
            super.skip(length);
            return data;
        }

        private static RequestException refused() {
            return RequestException.builder().type(EventType.BAD_REQUEST).message("a chunk is malformed").build();
        }
    }
}
