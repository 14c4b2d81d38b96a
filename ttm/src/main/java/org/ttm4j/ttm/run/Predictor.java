package org.ttm4j.ttm.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.kernel.Kernels;
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
    /** Floats of activations a tile, where one sample does not need more: wide models take fewer series at a time. */
    private static final double TILE_ACTIVATIONS = 1 << 22;

    private final TtmModel model;
    private final Kernels kernels;
    /** Of a sample: C where the model mixes them. Else 1: every channel is forecast, whatever the channel lists say. */
    private final int channels;
    private final int tile;
    /** Plans that nobody runs, by their number of samples. */
    private final List<Deque<Plan>> idle = new ArrayList<>();

    /** Runs a model on the kernels that this JVM chose. */
    public Predictor(TtmModel model) {
        this(model, KernelSelection.active());
    }

    /** Runs a model on the given kernels. */
    public Predictor(TtmModel model, Kernels kernels) {
        TtmConfig config = model.config();
        this.model = model.perChannel();
        this.kernels = kernels;
        channels = config.mixesChannels() ? config.numInputChannels() : 1;
        // The mean scaler looks at the whole batch where a channel is empty: one sample at a time keeps samples apart.
        tile = config.scaling() == TtmConfig.Scaling.MEAN
                ? 1
                : Math.max(1, (int) Math.min(TILE_SERIES / channels, TILE_ACTIVATIONS / config.activations()));
        for (int count = 0; count <= tile; count++) idle.add(new ArrayDeque<>());
    }

    /** The kernels that it runs on. */
    public Kernels kernels() {
        return kernels;
    }

    /** Values of the past that a sample has: channels × L. */
    public int sampleSize() {
        return channels * model.config().contextLength();
    }

    /** The most samples that run at a time. */
    public int tile() {
        return tile;
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
     * @param quantiles samples × Ct × Q × Hf, of a model with a quantile head; overwritten; null where they are not wanted
     */
    public record Samples(float[] past, float[] mask, int[] tokens, float[] knownFuture, int[][] categories,
            float[] forecast, float[] quantiles) {}

    /** Forecasts samples {@code from} (inclusive) to {@code to} (exclusive). */
    public void predict(Samples samples, int from, int to) {
        for (int at = from; at < to; at += tile) {
            int count = Math.min(tile, to - at);
            Plan plan = borrow(count);
            for (int i = 0; i < count; i++) plan.read(samples, at + i, i);
            plan.graph.forward();
            for (int i = 0; i < count; i++) plan.write(samples, at + i, i);
            giveBack(plan);
        }
    }

    /**
     * Forecasts all samples of some blocks, tile by tile across them.
     *
     * @param executor whose threads help this one; null for none. The call returns when all is done, also where the
     *     executor rejects or drops its tasks: what they have not begun is done here. What a task throws is thrown here
     */
    public void predict(List<Samples> blocks, Executor executor) {
        int[] starts = new int[blocks.size() + 1];
        for (int i = 0; i < blocks.size(); i++) {
            starts[i + 1] = starts[i] + blocks.get(i).past.length / sampleSize();
        }
        int count = starts[blocks.size()];
        new Tiles((count + tile - 1) / tile, t -> predict(blocks, starts, t * tile, Math.min(count, (t + 1) * tile)))
                .run(executor);
    }

    private void predict(List<Samples> blocks, int[] starts, int from, int to) {
        int first = 0;
        while (starts[first + 1] <= from) first++;
        Plan plan = borrow(to - from);
        for (int at = from, b = first; at < to; at++) {
            while (starts[b + 1] <= at) b++;
            plan.read(blocks.get(b), at - starts[b], at - from);
        }
        plan.graph.forward();
        for (int at = from, b = first; at < to; at++) {
            while (starts[b + 1] <= at) b++;
            plan.write(blocks.get(b), at - starts[b], at - from);
        }
        giveBack(plan);
    }

    private Plan borrow(int count) {
        Deque<Plan> plans = idle.get(count);
        synchronized (plans) {
            if (!plans.isEmpty()) return plans.pop();
        }
        return new Plan(count);
    }

    /** For a plan that ran: one that failed may be broken, and is not used again. */
    private void giveBack(Plan plan) {
        Deque<Plan> plans = idle.get(plan.count);
        synchronized (plans) {
            plans.push(plan);
        }
    }

    /** The recorded forward pass of a number of samples. Used by one thread at a time. */
    private final class Plan {
        private final int count;
        private final Graph graph = new Graph(Graph.Mode.INFERENCE, kernels);
        private final TtmModel.Inputs inputs;
        private final TtmModel.Outputs outputs;

        Plan(int count) {
            this.count = count;
            inputs = model.inputs(graph, count, channels, true);
            outputs = model.forward(inputs);
            outputs.forecast().keep();
            if (outputs.quantiles() != null) outputs.quantiles().keep();
        }

        /** Takes a sample as the i-th of this plan. */
        void read(Samples samples, int sample, int i) {
            copy(samples.past, sample, inputs.past().value(), i);
            copy(samples.mask, sample, inputs.mask().value(), i);
            if (inputs.knownFuture() != null) copy(samples.knownFuture, sample, inputs.knownFuture().value(), i);
            if (inputs.resolutionTokens() != null) inputs.resolutionTokens()[i] = samples.tokens[sample];
            for (int k = 0; inputs.categories() != null && k < inputs.categories().length; k++) {
                inputs.categories()[k][i] = samples.categories[k][sample];
            }
        }

        void write(Samples samples, int sample, int i) {
            copy(outputs.forecast(), i, samples.forecast, sample);
            if (samples.quantiles != null) copy(outputs.quantiles(), i, samples.quantiles, sample);
        }

        private void copy(Tensor from, int i, float[] to, int sample) {
            int size = from.shape().size() / count;
            System.arraycopy(from.value(), i * size, to, sample * size, size);
        }

        private void copy(float[] from, int sample, float[] to, int i) {
            int size = to.length / count;
            System.arraycopy(from, sample * size, to, i * size, size);
        }
    }
}
