package org.ttm4j.serve.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.ttm4j.serve.settings.Settings.Limits;

/**
 * The connections that are open. It ends those whose clients keep the service waiting for too long; the server's own timeout
 * of reading has no effect on the channels that it uses. When all places are taken, a new connection gets that of the client
 * that has kept the service waiting for the longest time, so whoever comes with a request is served. Thread-safe.
 */
public final class Connections implements ServerConnectionSelector, AutoCloseable {
    private static final long PERIOD_MILLIS = 250;

    private final Map<SocketAddress, Connection> open = new ConcurrentHashMap<>();
    private final Limits limits;
    private final ServerConnectionSelector http;
    private volatile boolean closed;

    public Connections(Http1Config.Builder config, Limits limits) {
        this.limits = limits;
        http = Http1ConnectionSelector.builder().config(config.addReceiveListener(new Heads()).build()).build();
        Thread.ofPlatform().daemon().name("connections").start(this::watch);
    }

    /** Follows how far the requests of a connection have been read. */
    private static final class Heads implements Http1ConnectionListener {
        @Override
        public void prologue(ConnectionContext connection, HttpPrologue prologue) {
            ((Connection) connection).headBegun();
        }

        @Override
        public void headers(ConnectionContext connection, Headers headers) {
            ((Connection) connection).bodyBegun();
        }
    }

    /** The options of sockets, which the server sets on each one that it accepts. */
    public SocketOptions options() {
        return new Options().buildPrototype();
    }

    private final class Options extends SocketOptions.BuilderBase<Options, SocketOptions> {
        @Override
        public SocketOptions buildPrototype() {
            tcpNoDelay(true);
            preBuildPrototype();
            return new SocketOptionsImpl(this) {
                @Override
                public void configureSocket(SocketChannel socket) {
                    super.configureSocket(socket);
                    add(socket);
                }
            };
        }
    }

    private void add(SocketChannel channel) {
        try {
            long now = System.nanoTime();
            if (open.size() >= limits.connections()) open.values().removeIf(one -> !one.check(now));
            if (open.size() >= limits.connections()) {
                Connection longest = Collections.max(open.values(), Comparator.comparingLong(one -> one.waited(now)));
                if (longest.waited(now) < 0) throw new IllegalStateException("all connections are at work");
                longest.drop();
            }
            open.put(channel.getRemoteAddress(), new Connection(channel, limits));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void watch() {
        while (!closed) {
            try {
                Thread.sleep(PERIOD_MILLIS);
                long now = System.nanoTime();
                open.values().removeIf(connection -> !connection.check(now));
            } catch (InterruptedException | OutOfMemoryError e) {
                // Continues, because nothing else ends waits that last too long.
            }
        }
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        Connection connection = open.get(context.remotePeer().address());
        if (connection == null) throw new CloseConnectionException("the connection was dropped");
        return connection.serve(context, http);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }

    @Override
    public int bytesToIdentifyConnection() {
        return http.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http.supports(data);
    }

    @Override
    public void close() {
        closed = true;
    }
}
