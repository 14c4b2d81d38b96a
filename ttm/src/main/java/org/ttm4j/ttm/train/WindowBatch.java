package org.ttm4j.ttm.train;

import java.util.Arrays;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Gaps;

/**
 * The inputs and the loss of several windows in one graph, which one thread trains on or measures. A frozen backbone is
 * not part of the graph: it runs in a separate graph, unless the source provides its output. Not thread-safe.
 */
final class WindowBatch {
    private final int windows;
    /** Collects the gradients of the windows that were trained on. */
    final Graph graph;
    private final TtmModel.Inputs inputs;
    private final Tensor loss;
    private final Tensor target;
    private final Tensor targetMask;
    private final WindowSource.Window window;
    /** Both are null if the backbone is trained. */
    private final Backbone backbone;
    private final Tensor hidden;
    private final boolean smooths;

    WindowBatch(TtmModel model, Graph.Mode mode, int windows, int channels) {
        this.windows = windows;
        graph = new Graph(mode);
        inputs = model.inputs(graph, windows, channels, true);
        backbone = Backbone.isFrozen(model) ? new Backbone(model, windows, channels) : null;
        hidden = backbone == null ? null : graph.input(backbone.hidden.shape());
        TtmModel.Outputs outputs = model.forward(inputs.withHidden(hidden));
        target = graph.input(outputs.forecast().shape());
        targetMask = graph.input(outputs.forecast().shape());
        loss = model.loss(outputs, target, targetMask);
        window = WindowSource.Window.of(model.config(), channels);
        smooths = model.config().decomposed();
    }

    /** Adds the gradient of {@code weight} × the mean loss of the windows from {@code first} on; returns that loss. */
    double train(WindowSource source, long first, long seed, float weight) {
        graph.seed(seed);
        double mean = measure(source, first, windows);
        graph.backward(loss, weight);
        return mean;
    }

    /** The mean loss over the observed entries of {@code count} windows from {@code first} on. */
    double measure(WindowSource source, long first, int count) {
        fill(source, first, count);
        graph.forward();
        return loss.value()[0];
    }

    /** The number of observed entries in the targets of the last windows. */
    double observed() {
        double count = 0;
        for (float observed : targetMask.value()) count += observed;
        return count;
    }

    /** Reads {@code count} windows from {@code first} on; the remaining places count as unobserved. */
    private void fill(WindowSource source, long first, int count) {
        boolean known = true;
        int steps = target.shape().dim(2);
        for (int i = 0; i < count; i++) {
            source.fill(window, first + i);
            copy(window, inputs, i);
            if (backbone != null) copy(window, backbone.inputs, i);
            // Smoothing reads all steps of the target, also the missing ones.
            for (int at = 0; smooths && at < window.target().length; at += steps) {
                Gaps.fill(window.target(), window.targetMask(), at, steps);
            }
            copy(window.target(), target, i);
            copy(window.targetMask(), targetMask, i);
            float[] result = backbone == null ? null : source.hidden(first + i);
            known &= result != null;
            if (known) copy(result, hidden, i);
        }
        clear(inputs.mask(), count);
        clear(targetMask, count);
        if (backbone == null || known) return;
        System.arraycopy(backbone.run(count), 0, hidden.value(), 0, hidden.shape().size());
    }

    /** Sets a mask to 0 after the first {@code count} windows. */
    static void clear(Tensor mask, int count) {
        int size = mask.shape().size();
        Arrays.fill(mask.value(), size / mask.shape().dim(0) * count, size, 0);
    }

    /** Copies a window to a place in the inputs of a graph. */
    static void copy(WindowSource.Window window, TtmModel.Inputs inputs, int place) {
        copy(window.past(), inputs.past(), place);
        copy(window.mask(), inputs.mask(), place);
        if (inputs.knownFuture() != null) copy(window.knownFuture(), inputs.knownFuture(), place);
        if (inputs.resolutionTokens() != null) inputs.resolutionTokens()[place] = window.token()[0];
        for (int i = 0; i < window.categories().length; i++) inputs.categories()[i][place] = window.categories()[i];
    }

    private static void copy(float[] from, Tensor to, int place) {
        System.arraycopy(from, 0, to.value(), place * from.length, from.length);
    }
}
