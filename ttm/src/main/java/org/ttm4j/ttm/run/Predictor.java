package org.ttm4j.ttm.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.ttm4j.autograd.Graph;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;

/**
 * Runs a model without gradients, in tiles of samples that stay in cache. Recorded graphs are pooled and used again, so
 * a warm call allocates nothing. The result of a sample is the same, bit for bit, whatever tile it sits in. Thread-safe
 * while nobody trains the model.
 */
public final class Predictor {
    /** Series a tile: enough rows to stream the weights (3 MB) past, few enough to keep activations in L2. */
    private static final int TILE_SERIES = 32;

    private final TtmModel model;
    private final int channels;
    private final int tile;
    private final Deque<Worker> idle = new ArrayDeque<>();

    public Predictor(TtmModel model) {
        TtmConfig config = model.config();
        this.model = model.perChannel();
        channels = config.mixesChannels() ? config.numInputChannels() : 1;
        // The mean scaler looks at the whole batch where a channel is empty: one sample at a time keeps samples apart.
        tile = config.scaling() == TtmConfig.Scaling.MEAN ? 1 : Math.max(1, TILE_SERIES / channels);
    }

    /**
     * Channels a sample: C where the model mixes them. Else 1, as channels do not affect each other, and every channel
     * is forecast, whatever the channel lists say.
     */
    public int channels() {
        return channels;
    }

    /**
     * Samples to forecast, read and written in place.
     *
     * @param past samples × channels × L, missing values filled
     * @param mask of the same shape: 1 = observed
     * @param tokens a resolution token a sample; null without a resolution prefix
     * @param knownFuture samples × Cx × Hf; null where the model mixes no channels or has no exogenous ones
     * @param categories a value a sample for each static category; null without
     * @param forecast samples × Ct × Hf, or samples × Hf with one channel a sample; overwritten
     */
    public record Samples(float[] past, float[] mask, int[] tokens, float[] knownFuture, int[][] categories,
            float[] forecast) {}

    /** Forecasts samples {@code from} (inclusive) to {@code to} (exclusive). */
    public void predict(Samples samples, int from, int to) {
        Worker worker = borrow();
        try {
            for (int at = from; at < to; at += tile) worker.run(samples, at, Math.min(tile, to - at));
        } finally {
            synchronized (idle) {
                idle.push(worker);
            }
        }
    }

    /**
     * Forecasts the first {@code count} samples on the threads of an executor, a tile a task, and returns when all are
     * done. Do not call it from a task of a bounded executor that it is to use: it would wait for itself. What a task
     * throws is thrown here.
     */
    public void predict(Samples samples, int count, Executor executor) {
        CompletableFuture<?>[] tasks = new CompletableFuture<?>[(count + tile - 1) / tile];
        for (int i = 0; i < tasks.length; i++) {
            int from = i * tile;
            tasks[i] = CompletableFuture.runAsync(() -> predict(samples, from, Math.min(count, from + tile)), executor);
        }
        try {
            CompletableFuture.allOf(tasks).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException) throw (RuntimeException) e.getCause();
            if (e.getCause() instanceof Error) throw (Error) e.getCause();
            throw e;
        }
    }

    private Worker borrow() {
        synchronized (idle) {
            if (!idle.isEmpty()) return idle.pop();
        }
        return new Worker();
    }

    /** One thread's graphs, one a tile size. */
    private final class Worker {
        private final Plan[] plans = new Plan[tile + 1];

        void run(Samples samples, int at, int count) {
            if (plans[count] == null) plans[count] = new Plan(count);
            plans[count].run(samples, at);
        }
    }

    private final class Plan {
        private final int count;
        private final Graph graph = new Graph(Graph.Mode.INFERENCE);
        private final TtmModel.Inputs inputs;
        private final TtmModel.Outputs outputs;

        Plan(int count) {
            this.count = count;
            inputs = model.inputs(graph, count, channels, true);
            outputs = model.forward(inputs);
            outputs.forecast().keep();
        }

        void run(Samples samples, int at) {
            copy(samples.past, at, inputs.past().value(), inputs.past().shape().size());
            copy(samples.mask, at, inputs.mask().value(), inputs.mask().shape().size());
            if (inputs.knownFuture() != null) {
                copy(samples.knownFuture, at, inputs.knownFuture().value(), inputs.knownFuture().shape().size());
            }
            if (inputs.resolutionTokens() != null) {
                System.arraycopy(samples.tokens, at, inputs.resolutionTokens(), 0, count);
            }
            for (int i = 0; inputs.categories() != null && i < inputs.categories().length; i++) {
                System.arraycopy(samples.categories[i], at, inputs.categories()[i], 0, count);
            }
            graph.forward();
            int size = outputs.forecast().shape().size();
            System.arraycopy(outputs.forecast().value(), 0, samples.forecast, at * (size / count), size);
        }

        private void copy(float[] from, int at, float[] to, int size) {
            System.arraycopy(from, at * (size / count), to, 0, size);
        }
    }
}
