package org.ttm4j.ttm.series;

import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Numbered tasks on daemon threads. */
public final class Parallel {
    private Parallel() {}

    /** A pool that keeps no JVM alive. */
    public static ExecutorService pool(int threads) {
        return Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "ttm4j-worker");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Runs tasks 0 … count − 1, each once and begun in this order, and returns when all are done. What a task throws is
     * thrown here, and no further task begins.
     *
     * @param threads at most so many; one task or thread runs on the caller's
     * @param worker called once for each thread: what runs its tasks, one at a time
     * @throws InterruptedException when this thread is interrupted; no further task begins
     */
    public static void run(int threads, int count, Supplier<IntConsumer> worker) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        int workers = Math.min(threads, count);
        if (workers <= 1) {
            work(next, count, worker);
            return;
        }
        Callable<Void> work = () -> {
            work(next, count, worker);
            return null;
        };
        // Closing the pool waits for its threads.
        try (ExecutorService pool = pool(workers)) {
            try {
                for (Future<Void> future : pool.invokeAll(Collections.nCopies(workers, work))) get(future);
            } finally {
                next.set(count);
            }
        }
    }

    private static void work(AtomicInteger next, int count, Supplier<IntConsumer> worker) throws InterruptedException {
        if (count == 0) return;
        boolean done = false;
        try {
            IntConsumer tasks = worker.get();
            for (int task = next.getAndIncrement(); task < count; task = next.getAndIncrement()) {
                if (Thread.interrupted()) throw new InterruptedException();
                tasks.accept(task);
            }
            done = true;
        } finally {
            if (!done) next.set(count);
        }
    }

    /** The result of a task that is done; what it threw is thrown here. */
    public static <T> T get(Future<T> done) throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException) throw (RuntimeException) e.getCause();
            if (e.getCause() instanceof Error) throw (Error) e.getCause();
            throw new IllegalStateException(e.getCause());
        }
    }
}
