package org.ttm4j.ttm.train;

import java.util.ArrayList;
import java.util.List;
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
    static ExecutorService pool(int threads) {
        return Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "ttm4j-trainer");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Runs tasks 0 … count − 1, each once, and returns when all are done. What a task throws is thrown here.
     *
     * @param worker called once for each thread: what runs its tasks, one at a time
     */
    static void run(int threads, int count, Supplier<IntConsumer> worker) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<Callable<Void>> workers = new ArrayList<>();
        for (int i = 0; i < Math.min(threads, count); i++) {
            workers.add(() -> {
                IntConsumer tasks = worker.get();
                for (int task = next.getAndIncrement(); task < count; task = next.getAndIncrement()) tasks.accept(task);
                return null;
            });
        }
        try (ExecutorService pool = pool(Math.max(1, workers.size()))) {
            for (Future<Void> future : pool.invokeAll(workers)) get(future);
        }
    }

    /** The result of a task that is done; what it threw is thrown here. */
    static <T> T get(Future<T> done) throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException) throw (RuntimeException) e.getCause();
            if (e.getCause() instanceof Error) throw (Error) e.getCause();
            throw new IllegalStateException(e.getCause());
        }
    }
}
