package org.ttm4j.ttm.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;
import org.ttm4j.engine.kernel.Kernels;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Tiles;

/**
 * Runs a model without gradients, in tiles of samples that fit the cache. Recorded graphs are pooled and reused, so a
 * warm call allocates nothing, but with mean scaling. The result of a sample does not depend on its tile, bit for bit.
 * Thread-safe while no one trains the model.
 */
public final class Predictor {
    /** Series per tile: enough rows for each load of the weights (3 MB), few enough to keep activations in L2. */
    private static final int TILE_SERIES = 32;
    /** Passes have at most this many samples, or a multiple, which limits the number and memory of pooled passes. */
    private static final int STEP = 8;
    /** The most floats of activations per tile, unless one sample needs more: wide models run fewer series. */
    private static final double TILE_ACTIVATIONS = 1 << 22;

    private final TtmModel model;
    private final Kernels kernels;
    /** Channels per sample: C if the model mixes channels, otherwise 1, and every channel is forecast. */
    private final int channels;
    private final int tile;
    /** Passes that are not in use, by their number of samples. */
    private final List<Deque<Pass>> idle = new ArrayList<>();

    /** A predictor on the given kernels. */
    public Predictor(TtmModel model, Kernels kernels) {
        TtmConfig config = model.config();
        this.model = model.perChannel();
        this.kernels = kernels;
        channels = config.mixesChannels() ? config.numInputChannels() : 1;
        // For an empty channel the mean scaler uses the whole batch; single samples stay independent of each other.
        tile = config.scaling() == TtmConfig.Scaling.MEAN
                ? 1
                : passSize(
                        Math.max(1, (int) Math.min(TILE_SERIES / channels, TILE_ACTIVATIONS / config.activations())));
        for (int count = 0; count <= tile; count++) idle.add(new ArrayDeque<>());
    }

    /** The number of samples of the next pass if {@code samples} remain. */
    private static int passSize(int samples) {
        return samples <= STEP ? samples : samples - samples % STEP;
    }

    /** The model that runs: {@link TtmModel#perChannel} of the given one. */
    public TtmModel model() {
        return model;
    }

    /** The kernels that the model runs on. */
    public Kernels kernels() {
        return kernels;
    }

    /** The number of values in the past of a sample: channels × L. */
    public int sampleSize() {
        return channels * model.config().contextLength();
    }

    /** The most samples of a pass. */
    public int tile() {
        return tile;
    }

    /**
     * Samples to forecast, read and written in place.
     *
     * @param past samples × channels × L, missing values filled
     * @param mask of the same shape: 1 = observed
     * @param tokens a resolution token for each sample; null without a resolution prefix
     * @param knownFuture samples × Cx × Hf; null if the model does not mix channels or has no exogenous ones
     * @param categories for each static category a value per sample; null if there are none
     * @param forecast samples × Ct × Hf, or samples × Hf with one channel per sample; overwritten
     * @param quantiles samples × Ct × Q × Hf, for a model with a quantile head; overwritten; null if not wanted
     * @param embedding samples × C × D: the mean over the P tokens of the backbone's result, for a model that is not
     *     decomposed; overwritten; null if not wanted
     */
    public record Samples(float[] past, float[] mask, int[] tokens, float[] knownFuture, int[][] categories,
            float[] forecast, float[] quantiles, float[] embedding) {}

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
     * Forecasts all samples of several blocks; a tile may contain samples of several blocks.
     *
     * @param executor whose threads help; may be null. The call returns when all is done, even if the executor rejects
     *     or drops tasks: this thread does what has not been started. An exception of a task is thrown here
     * @param requireTime called by this thread before each of its tiles; an exception from it ends the work
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

    /** Records the forward pass for a number of samples in an empty graph. */
    public Pass pass(Graph graph, int count) {
        TtmModel.Inputs inputs = model.inputs(graph, count, channels, true);
        TtmModel.Outputs outputs = model.forward(inputs);
        outputs.forecast().keep();
        if (outputs.quantiles() != null) outputs.quantiles().keep();
        if (outputs.encoded() != null) outputs.encoded().hidden().keep();
        return new Pass(count, graph, inputs, outputs);
    }

    /** Returns a pass to the pool after a successful run. A pass that failed is not reused. */
    private void giveBack(Pass pass) {
        Deque<Pass> passes = idle.get(pass.count());
        synchronized (passes) {
            passes.push(pass);
        }
    }

    /** The recorded forward pass for a number of samples. Not thread-safe. */
    public record Pass(int count, Graph graph, TtmModel.Inputs inputs, TtmModel.Outputs outputs) {
        /** Copies a sample to place i of this pass. */
        public void read(Samples samples, int sample, int i) {
            copy(samples.past(), sample, inputs.past().value(), i);
            copy(samples.mask(), sample, inputs.mask().value(), i);
            if (inputs.knownFuture() != null) copy(samples.knownFuture(), sample, inputs.knownFuture().value(), i);
            if (inputs.resolutionTokens() != null) inputs.resolutionTokens()[i] = samples.tokens()[sample];
            for (int k = 0; inputs.categories() != null && k < inputs.categories().length; k++) {
                inputs.categories()[k][i] = samples.categories()[k][sample];
            }
        }

        /** Copies result i of this pass to a sample. */
        void write(Samples samples, int sample, int i) {
            copy(outputs.forecast(), i, samples.forecast(), sample);
            if (samples.quantiles() != null) copy(outputs.quantiles(), i, samples.quantiles(), sample);
            if (samples.embedding() != null) pool(outputs.encoded().hidden(), i, samples.embedding(), sample);
        }

        /** The mean over P of sample i of hidden, [B, C, P, D]. */
        private static void pool(Tensor hidden, int i, float[] to, int sample) {
            Shape shape = hidden.shape();
            int tokens = shape.dim(2);
            int width = shape.dim(3);
            for (int c = 0; c < shape.dim(1); c++) {
                int from = (i * shape.dim(1) + c) * tokens * width;
                int at = (sample * shape.dim(1) + c) * width;
                Arrays.fill(to, at, at + width, 0);
                for (int k = 0; k < tokens * width; k++) to[at + k % width] += hidden.value()[from + k] / tokens;
            }
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
