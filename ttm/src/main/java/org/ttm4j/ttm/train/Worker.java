package org.ttm4j.ttm.train;

import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.ttm.TtmModel;

/** One thread's graph of a micro-batch: fills it with windows, runs it forward and backward, gathers gradients. */
final class Worker {
    private final WindowSource source;
    private final Graph graph = new Graph(Graph.Mode.TRAINING);
    private final TtmModel.Inputs inputs;
    private final Tensor target;
    private final Tensor targetMask;
    private final Tensor loss;
    private final WindowSource.Window window;
    private final int windows;

    Worker(TtmModel model, WindowSource source, int windows, int channels) {
        this.source = source;
        this.windows = windows;
        inputs = model.inputs(graph, windows, channels, true);
        TtmModel.Outputs outputs = model.forward(inputs);
        target = graph.input(outputs.forecast().shape());
        targetMask = graph.input(outputs.forecast().shape());
        loss = model.loss(outputs.forecast(), target, targetMask);
        int past = inputs.past().shape().size() / windows;
        int future = target.shape().size() / windows;
        window = new WindowSource.Window(new float[past], new float[past], new float[future], new float[future],
                new int[1]);
    }

    /** Adds the gradient of {@code weight} × the mean loss of the windows from {@code first} on; returns that mean. */
    double run(long first, long seed, float weight) {
        for (int i = 0; i < windows; i++) {
            source.fill(window, first + i);
            copy(window.past(), inputs.past(), i);
            copy(window.mask(), inputs.mask(), i);
            copy(window.target(), target, i);
            copy(window.targetMask(), targetMask, i);
            if (inputs.resolutionTokens() != null) inputs.resolutionTokens()[i] = window.token()[0];
        }
        graph.seed(seed);
        graph.forward();
        graph.backward(loss, weight);
        return loss.value()[0];
    }

    private static void copy(float[] from, Tensor to, int window) {
        System.arraycopy(from, 0, to.value(), window * from.length, from.length);
    }

    /** Adds what was gathered to the parameters' gradients. */
    void collectGradients() {
        graph.collectGradients();
    }
}
