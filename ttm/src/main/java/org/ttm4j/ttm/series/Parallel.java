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

/** Runs numbered tasks on daemon threads. */
public final class Parallel {
    private Parallel() {}

    /** A pool of daemon threads, which do not keep the JVM alive. */
    public static ExecutorService pool(int threads) {
        return Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name("ttm4j-worker").factory());
    }

    /**
     * Runs the tasks 0 … count − 1, started in this order, and returns when all are done. If a task throws, no further
     * task is started, and the exception is thrown here.
     *
     * @param threads the most threads; a single task or thread runs on the calling thread
     * @param worker called once for each thread; its result runs the tasks of this thread, one at a time
     * @throws InterruptedException when this thread is interrupted; no further task is started
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

    /** The result of a finished task. Throws the exception of the task if it failed. */
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
