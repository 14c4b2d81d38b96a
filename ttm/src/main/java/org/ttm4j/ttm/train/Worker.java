package org.ttm4j.ttm.train;

import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.ttm.model.TtmModel;

/** The graph of a micro-batch for one thread, which runs forward and backward and accumulates gradients. */
final class Worker {
    private final WindowSource source;
    private final Graph graph = new Graph(Graph.Mode.TRAINING);
    private final WindowBatch batch;
    private final Tensor loss;

    Worker(TtmModel model, WindowSource source, int windows, int channels) {
        this.source = source;
        batch = new WindowBatch(model, graph, windows, channels);
        loss = batch.loss();
    }

    /** Adds the gradient of {@code weight} × the mean loss of the windows from {@code first} on; returns that loss. */
    double run(long first, long seed, float weight) {
        batch.fill(source, first, batch.windows());
        graph.seed(seed);
        graph.forward();
        graph.backward(loss, weight);
        return loss.value()[0];
    }

    /** Adds the accumulated gradient of a parameter to {@link Parameter#grad}. */
    void collectGradient(Parameter parameter) {
        graph.collectGradient(parameter);
    }
}
