package org.ttm4j.serve.live;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;

/**
 * Where series are kept: what was asked of each, and its values by their step on the grid of times. Changes are seen at the
 * latest after {@link #commit}, and are durable then. Reading is thread-safe; changes are for one thread.
 */
interface SeriesStore extends AutoCloseable {
    /**
     * A series without its values.
     *
     * @param settings of it, as {@link KeptSeries.SeriesSettings} writes them
     * @param anchor the time of step 0; null before the first value
     */
    record Entry(String settings, String anchor) {}

    /**
     * Values in the order of their steps.
     *
     * @param steps ascending
     * @param values NaN where one is missing
     */
    record Points(long[] steps, double[] values) {
        boolean isEmpty() {
            return steps.length == 0;
        }

        /** The step of the last. */
        long last() {
            return steps[steps.length - 1];
        }
    }

    /** The store of series failed: what was to be changed is not. */
    final class StoreException extends IOException {
        private static final long serialVersionUID = 1L;

        StoreException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A series; null when there is none. */
    Entry entry(String id) throws StoreException;

    /** The ids after this one, in the order of their characters. */
    List<String> ids(String after, int most) throws StoreException;

    int size() throws StoreException;

    /** How many series there are whose settings hold this text. */
    int countWithSettings(String text) throws StoreException;

    /** The values of the last steps of a series. */
    Points newest(String id, int most) throws StoreException;

    /** Keeps a series, or changes the one that there is. */
    void put(String id, Entry entry) throws StoreException;

    /** Deletes a series and its values. */
    void delete(String id) throws StoreException;

    /** Keeps values, in place of those of the same steps; drops those of steps before the first that is to stay. */
    void write(String id, Points points, long first) throws StoreException;

    /** Returns true if the store is known to take changes, by the last one. */
    boolean works();

    /** Changes nothing that is kept, so that a commit shows whether the store works again. */
    void touch() throws StoreException;

    /** Makes all changes since the last commit durable. */
    void commit() throws StoreException;

    /** Forgets all changes since the last commit. */
    void rollback();

    @Override
    void close();

    /**
     * Changes a store on one thread. The changes that wait while one commit is written go into the next together, so
     * that a slow disk limits the commits and not the changes. Thread-safe.
     */
    final class Committer implements AutoCloseable {
        private static final int MOST_WAITING = 1024;
        private static final int MOST_TOGETHER = 256;

        private final SeriesStore store;
        private final BlockingQueue<Waiting<?>> queue = new ArrayBlockingQueue<>(MOST_WAITING);
        private final Thread thread;
        private volatile boolean closed;
        /** Shows whether the store works; null before the first. */
        private CompletableFuture<Void> trial;

        /** A change of the store; it changes nothing when it throws a problem. */
        @FunctionalInterface
        interface Change<T> {
            T on(SeriesStore store) throws StoreException;
        }

        private record Waiting<T>(String id, Change<T> change, CompletableFuture<T> result) {
            /** Makes the change; what is returned says so, once it is durable. */
            Runnable on(SeriesStore store) throws StoreException {
                T value = change.on(store);
                return () -> result.complete(value);
            }
        }

        Committer(SeriesStore store) {
            this.store = store;
            thread = Thread.ofPlatform().name("series-store").daemon().start(this::work);
        }

        /**
         * Returns true if changes can be stored. Where the last one does not show it, this tries another one, which
         * changes nothing, and waits no longer than a second for it.
         */
        boolean isWritable() {
            if (store.works()) return true;
            try {
                CompletableFuture<Void> tried;
                synchronized (queue) {
                    if (trial == null || trial.isDone()) {
                        trial = submit("", kept -> {
                            kept.touch();
                            return null;
                        });
                    }
                    tried = trial;
                }
                tried.get(1, TimeUnit.SECONDS);
                return store.works();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (Problem | ExecutionException | TimeoutException notYet) {
                return false;
            }
        }

        /**
         * Makes a change of a series, or of none, whose id is empty; it is durable on return.
         *
         * @throws Problem when the change does, or too many wait
         * @throws StoreException when the store fails, and the change is not made
         */
        <T> T commit(String id, Change<T> change) throws StoreException {
            try {
                return submit(id, change).join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof Problem problem) throw problem;
                if (e.getCause() instanceof StoreException failure) throw failure;
                throw e;
            }
        }

        private <T> CompletableFuture<T> submit(String id, Change<T> change) {
            Waiting<T> waiting = new Waiting<>(id, change, new CompletableFuture<>());
            // The thread ends when it is closed and nothing waits: nothing may come between the two.
            synchronized (queue) {
                if (closed) throw new Problem(Type.UNAVAILABLE, "the service is stopping").retryAfter(1);
                if (!queue.offer(waiting)) {
                    throw new Problem(Type.TOO_MANY_REQUESTS, MOST_WAITING + " changes wait to be stored")
                            .retryAfter(1);
                }
            }
            return waiting.result;
        }

        private void work() {
            List<Waiting<?>> batch = new ArrayList<>();
            while (!closed || !queue.isEmpty()) {
                try {
                    Waiting<?> first = queue.poll(100, TimeUnit.MILLISECONDS);
                    if (first == null) continue;
                    batch.add(first);
                    queue.drainTo(batch, MOST_TOGETHER - 1);
                    // Services that share a database lock rows in one order, so that none waits in a circle.
                    batch.sort(Comparator.comparing(Waiting::id));
                    commit(batch);
                } catch (InterruptedException e) {
                    return;
                } finally {
                    batch.clear();
                }
            }
        }

        private void commit(List<Waiting<?>> batch) {
            List<Runnable> made = new ArrayList<>(batch.size());
            try {
                for (Waiting<?> waiting : batch) {
                    try {
                        made.add(waiting.on(store));
                    } catch (Problem problem) {
                        waiting.result.completeExceptionally(problem);
                    }
                }
                store.commit(); // of refused changes alone too, as a database holds locks of what was read
                made.forEach(Runnable::run);
            } catch (StoreException | RuntimeException | Error e) {
                try {
                    store.rollback();
                } catch (RuntimeException | Error worse) {
                    // The thread goes on: without it, whoever waits now or later would wait for ever.
                    e.addSuppressed(worse);
                }
                for (Waiting<?> waiting : batch) waiting.result.completeExceptionally(e);
            }
        }

        /** Makes the changes that wait, and closes the store. */
        @Override
        public void close() {
            synchronized (queue) {
                closed = true;
            }
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            store.close();
        }
    }
}
