package org.ttm4j.ttm.train;

import java.util.Arrays;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Parallel;

/** A frozen backbone in a separate graph, without gradients and dropout. Not thread-safe. */
final class Backbone {
    /** Series per run: enough rows to make loading the weights worthwhile, few enough to stay in the cache. */
    private static final int SERIES = 32;

    private final Graph graph = new Graph(Graph.Mode.INFERENCE);
    /** The inputs of the next run. */
    final TtmModel.Inputs inputs;
    /** [B, C, P, D]: the result of the last run. */
    final Tensor hidden;

    Backbone(TtmModel model, int windows, int channels) {
        inputs = model.inputs(graph, windows, channels, true);
        hidden = model.encode(inputs).keep();
    }

    /** True if the model is not decomposed and nothing in its backbone is trained. */
    static boolean isFrozen(TtmModel model) {
        return !model.config().decomposed() && model.parameters()
                .entrySet()
                .stream()
                .noneMatch(entry -> entry.getKey().startsWith("backbone.") && entry.getValue().trainable());
    }

    /** The best number of windows with the given number of channels for one run. */
    static int tile(TtmConfig config, int channels) {
        return Math.max(1, SERIES / config.featureChannels(channels).length);
    }

    /** Runs on the first {@code count} windows of the inputs; the rest is unobserved. Returns the values of hidden. */
    float[] run(int count) {
        WindowBatch.clear(inputs.mask(), count);
        graph.forward();
        return hidden.value();
    }

    /**
     * The windows with the outputs of the backbone. Returns only the windows if the backbone is trained, or if the
     * outputs need more than {@code mostBytes} of memory.
     */
    static WindowSource encoded(RowWindows windows, TtmModel model, long mostBytes, int threads)
            throws InterruptedException {
        if (!isFrozen(model)) return windows;
        long each = new Backbone(model, 1, windows.channels()).hidden.shape().size();
        if (each * Float.BYTES * windows.size() > mostBytes) return windows;
        float[][] hidden = new float[windows.size()][];
        int tile = tile(model.config(), windows.channels());
        Parallel.run(threads, (hidden.length + tile - 1) / tile, () -> {
            Backbone backbone = new Backbone(model, tile, windows.channels());
            WindowSource.Window window = WindowSource.Window.of(model.config(), windows.channels());
            return task -> backbone.encode(windows, task * tile, window, hidden);
        });
        return new Encoded(windows, hidden);
    }

    private void encode(WindowSource windows, int from, WindowSource.Window window, float[][] outputs) {
        int size = hidden.shape().size() / hidden.shape().dim(0);
        int count = Math.min(hidden.shape().dim(0), outputs.length - from);
        for (int i = 0; i < count; i++) {
            windows.fill(window, from + i);
            WindowBatch.copy(window, inputs, i);
        }
        float[] results = run(count);
        for (int i = 0; i < count; i++) outputs[from + i] = Arrays.copyOfRange(results, i * size, (i + 1) * size);
    }

    /** Windows with the outputs of a frozen backbone, which were computed once. Thread-safe. */
    private record Encoded(WindowSource windows, float[][] hidden) implements WindowSource {
        @Override
        public void fill(Window window, long index) {
            windows.fill(window, index);
        }

        @Override
        public float[] hidden(long index) {
            return hidden[(int) index];
        }
    }
}
