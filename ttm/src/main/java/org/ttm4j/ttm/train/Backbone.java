package org.ttm4j.ttm.train;

import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;

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
}
