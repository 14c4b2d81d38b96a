package org.ttm4j.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ttm4j.ttm.Predictor;
import org.ttm4j.ttm.TtmModel;

/** This library's forecast of independent series, from and to arrays that are there already. Not thread-safe. */
public final class TtmForecast implements AutoCloseable {
    private final Predictor predictor;
    private final Predictor.Samples samples;
    private final ExecutorService executor;
    private final List<Callable<Void>> shares = new ArrayList<>();

    /**
     * A forecast of {@link BenchModel#contexts} on the calling thread (1) or on a number of other threads, which share
     * the series evenly.
     */
    public TtmForecast(TtmModel model, float[] contexts, int threads) {
        int series = contexts.length / BenchModel.CONTEXT;
        float[] mask = new float[contexts.length];
        Arrays.fill(mask, 1);
        predictor = new Predictor(model);
        samples = new Predictor.Samples(contexts, mask, null, null, null, new float[series * BenchModel.HORIZON]);
        for (int i = 0; i < threads; i++) {
            int from = series * i / threads;
            int to = series * (i + 1) / threads;
            shares.add(() -> {
                predictor.predict(samples, from, to);
                return null;
            });
        }
        executor = threads == 1 ? null : Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "forecast");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Forecasts every series; returns {@link #values}. */
    public float[] run() throws Exception {
        if (executor == null) shares.get(0).call();
        else for (Future<Void> share : executor.invokeAll(shares)) share.get();
        return values();
    }

    /** series × horizon, as of the last run. */
    public float[] values() {
        return samples.forecast();
    }

    /** Bytes that a warm {@link #run} allocates on the calling thread. */
    public double allocatedBytes(int calls) throws Exception {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < calls; i++) run();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < calls; i++) run();
        return (threads.getCurrentThreadAllocatedBytes() - before) / (double) calls;
    }

    /** Ends the threads. */
    @Override
    public void close() {
        if (executor != null) executor.shutdownNow();
    }
}
