package org.ttm4j.serve.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The connections that wait for events of something: a series that is kept, or a job. The listeners of one share each event,
 * which is made once. A slow listener misses the events between, and gets the newest. Thread-safe.
 */
public final class Listeners implements AutoCloseable {
    /** Seconds of silence after which a comment keeps a connection alive. */
    private static final int QUIET = 15;
    private static final byte[] ALIVE = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private final int most;
    private final Map<String, Topic> topics = new HashMap<>();
    private int count;
    private boolean closed;

    /** @param most listeners at a time */
    public Listeners(int most) {
        this.most = most;
    }

    /** What the listeners of one topic, a series or a job, share. */
    private static final class Topic {
        private final Set<Listener> listeners = new HashSet<>();
        private FutureTask<byte[]> event;
    }

    /** A connection that waits for events. For one thread. */
    public final class Listener implements AutoCloseable {
        private final String id;
        private final Semaphore changes = new Semaphore(1);
        private volatile boolean ended;

        private Listener(String id) {
            this.id = id;
        }

        /** Waits for a change of the topic. Returns true if there is one in time; the first call does at once. */
        public boolean awaitChange() throws InterruptedException {
            boolean changed = changes.tryAcquire(QUIET, TimeUnit.SECONDS);
            changes.drainPermits();
            return changed && !ended;
        }

        /** Returns true if the topic is deleted or the service stops, so that no event follows. */
        public boolean isEnded() {
            return ended;
        }

        /**
         * The event of the last change, which the listeners of the topic share. The first one that asks makes it.
         *
         * @throws Problem that the source throws: nobody has this event then, and a problem of one client is none of the others
         */
        public byte[] event(Callable<byte[]> source) throws IOException, InterruptedException {
            FutureTask<byte[]> event;
            synchronized (Listeners.this) {
                Topic topic = topics.get(id);
                if (topic == null) return new byte[0];
                if (topic.event == null) topic.event = new FutureTask<>(source);
                event = topic.event;
            }
            event.run();
            try {
                return event.get();
            } catch (ExecutionException e) {
                synchronized (Listeners.this) {
                    Topic topic = topics.get(id);
                    if (topic != null && topic.event == event) topic.event = null;
                }
                if (e.getCause() instanceof Problem problem) throw problem;
                throw new IOException(e.getCause());
            }
        }

        private void end() {
            ended = true;
            changes.release();
        }

        @Override
        public void close() {
            synchronized (Listeners.this) {
                count--;
                Topic topic = topics.get(id);
                if (topic == null) return;
                topic.listeners.remove(this);
                if (topic.listeners.isEmpty()) topics.remove(id);
            }
        }
    }

    /**
     * Waits for changes of a topic.
     *
     * @throws Problem when too many do
     */
    public synchronized Listener listen(String id) {
        if (closed) throw new Problem(Problem.Type.UNAVAILABLE, "the service is stopping").retryAfter(1);
        if (count == most) {
            throw new Problem(Problem.Type.TOO_MANY_REQUESTS, most + " listeners wait for events").retryAfter(1);
        }
        Listener listener = new Listener(id);
        topics.computeIfAbsent(id, any -> new Topic()).listeners.add(listener);
        count++;
        return listener;
    }

    /** An event of this name; if the data are null, a comment that keeps the connection alive. */
    public static byte[] event(String name, byte[] data) {
        if (data == null) return ALIVE;
        return ("event: " + name + "\ndata: " + new String(data, StandardCharsets.UTF_8) + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Wakes the listeners of a topic that has changed. */
    public synchronized void changed(String id) {
        Topic topic = topics.get(id);
        if (topic == null) return;
        topic.event = null;
        for (Listener listener : topic.listeners) listener.changes.release();
    }

    /** Ends the waiting for events of a topic that is deleted. */
    public synchronized void deleted(String id) {
        Topic topic = topics.remove(id);
        if (topic != null) topic.listeners.forEach(Listener::end);
    }

    /** Ends the waiting of all. */
    @Override
    public synchronized void close() {
        closed = true;
        for (Topic topic : topics.values()) topic.listeners.forEach(Listener::end);
        topics.clear();
    }
}
