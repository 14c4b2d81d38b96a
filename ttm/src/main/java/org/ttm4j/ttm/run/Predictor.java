package org.ttm4j.ttm.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.ttm4j.autograd.Graph;
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
    /**
     * Samples of a pass are up to so many, or a multiple: the memory of passes, which are kept, is that of some sizes and not
     * of all.
     */
    private static final int STEP = 8;
    /** Floats of activations a tile, where one sample does not need more: wide models take fewer series at a time. */
    private static final double TILE_ACTIVATIONS = 1 << 22;

    private final TtmModel model;
    private final String source;
    private final Kernels kernels;
    /** Of a sample: C where the model mixes them. Else 1: every channel is forecast, whatever the channel lists say. */
    private final int channels;
    private final int tile;
    /** Passes that nobody runs, by their number of samples. */
    private final List<Deque<Pass>> idle = new ArrayList<>();

    /** Runs a model on the kernels that this JVM chose. */
    public Predictor(TtmModel model) {
        this(model, KernelSelection.active());
    }

    /** Runs a model on the given kernels. */
    public Predictor(TtmModel model, Kernels kernels) {
        TtmConfig config = model.config();
        this.model = model.perChannel();
        source = model.source();
        this.kernels = kernels;
        channels = config.mixesChannels() ? config.numInputChannels() : 1;
        // The mean scaler looks at the whole batch where a channel is empty: one sample at a time keeps samples apart.
        tile = config.scaling() == TtmConfig.Scaling.MEAN
                ? 1
                : passSize(
                        Math.max(1, (int) Math.min(TILE_SERIES / channels, TILE_ACTIVATIONS / config.activations())));
        for (int count = 0; count <= tile; count++) idle.add(new ArrayDeque<>());
    }

    /** See {@link TtmModel#source}. */
    String source() {
        return source;
    }

    /** How many of so many samples the next pass takes. */
    private static int passSize(int samples) {
        return samples <= STEP ? samples : samples - samples % STEP;
    }

    /** What it runs: the model, where it does not mix channels as it sees one alone. */
    public TtmModel model() {
        return model;
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
        int count;
        for (int at = from; at < to; at += count) {
            count = passSize(Math.min(tile, to - at));
            Pass pass = borrow(count);
            for (int i = 0; i < count; i++) pass.read(samples, at + i, i);
            pass.graph().forward();
            for (int i = 0; i < count; i++) pass.write(samples, at + i, i);
            giveBack(pass);
        }
    }

    /**
     * Forecasts all samples of some blocks, tile by tile across them.
     *
     * @param executor whose threads help this one; null for none. The call returns when all is done, also where the
     *     executor rejects or drops its tasks: what they have not begun is done here. What a task throws is thrown here
     * @param requireTime called by this thread before each of its tiles; what it throws ends the work
     */
    public void predict(List<Samples> blocks, Executor executor, Runnable requireTime) {
        int[] starts = new int[blocks.size() + 1];
        for (int i = 0; i < blocks.size(); i++) {
            starts[i + 1] = starts[i] + blocks.get(i).past.length / sampleSize();
        }
        int count = starts[blocks.size()];
        new Tiles((count + tile - 1) / tile, t -> predict(blocks, starts, t * tile, Math.min(count, (t + 1) * tile)))
                .run(executor, requireTime);
    }

    private void predict(List<Samples> blocks, int[] starts, int from, int to) {
        int count;
        for (int at = from; at < to; at += count) {
            count = passSize(to - at);
            run(blocks, starts, at, at + count);
        }
    }

    private void run(List<Samples> blocks, int[] starts, int from, int to) {
        int first = 0;
        while (starts[first + 1] <= from) first++;
        Pass pass = borrow(to - from);
        for (int at = from, b = first; at < to; at++) {
            while (starts[b + 1] <= at) b++;
            pass.read(blocks.get(b), at - starts[b], at - from);
        }
        pass.graph().forward();
        for (int at = from, b = first; at < to; at++) {
            while (starts[b + 1] <= at) b++;
            pass.write(blocks.get(b), at - starts[b], at - from);
        }
        giveBack(pass);
    }

    private Pass borrow(int count) {
        Deque<Pass> passes = idle.get(count);
        synchronized (passes) {
            if (!passes.isEmpty()) return passes.pop();
        }
        return pass(new Graph(Graph.Mode.INFERENCE, kernels), count);
    }

    /** Records the forward pass of so many samples in a graph without operations. */
    public Pass pass(Graph graph, int count) {
        return new Pass(model, graph, count, channels);
    }

    /** For a pass that ran: one that failed may be broken, and is not used again. */
    private void giveBack(Pass pass) {
        Deque<Pass> passes = idle.get(pass.count());
        synchronized (passes) {
            passes.push(pass);
        }
    }
}
