package org.ttm4j.ttm.train;

import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;

/** A frozen backbone in a graph of its own, without gradients and dropout. Belongs to one thread at a time. */
final class Backbone {
    /** Series at once: enough rows to stream the weights past, few enough to stay in cache. */
    private static final int SERIES = 32;

    private final Graph graph = new Graph(Graph.Mode.INFERENCE);
    private final TtmModel.Inputs inputs;
    private final Tensor hidden;

    Backbone(TtmModel model, int windows, int channels) {
        inputs = model.inputs(graph, windows, channels, true);
        hidden = model.encode(inputs).keep();
    }

    /** True if there is one backbone, and nothing in it is trained. */
    static boolean isFrozen(TtmModel model) {
        return !model.config().decomposed() && model.parameters()
                .entrySet()
                .stream()
                .noneMatch(entry -> entry.getKey().startsWith("backbone.") && entry.getValue().trainable());
    }

    /** How many windows of this many channels are best run together. */
    static int tile(TtmConfig config, int channels) {
        return Math.max(1, SERIES / config.featureChannels(channels).length);
    }

    /** The inputs of the next run. */
    TtmModel.Inputs inputs() {
        return inputs;
    }

    /** [B, C, P, D]: the result of the last run. */
    Tensor hidden() {
        return hidden;
    }

    void run() {
        graph.forward();
    }
}
