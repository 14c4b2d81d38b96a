package org.ttm4j.autograd;

import org.ttm4j.engine.Shape;
import org.ttm4j.engine.kernel.Kernels;

/**
 * One step of a {@link Graph}: computes an output tensor from input tensors and parameters, and carries the gradient
 * back. An operation calls kernels and never loops over elements. Subclasses record themselves with {@link #output}.
 */
public abstract class Operation {
    final Tensor[] inputs;
    Tensor output;
    /** The graph that this operation is recorded in. */
    protected final Graph graph;
    /** The kernels of that graph. */
    protected final Kernels kernels;

    /** An operation on tensors of one graph; at least one. */
    protected Operation(Tensor... inputs) {
        this.inputs = inputs;
        this.graph = inputs[0].graph;
        this.kernels = graph.kernels();
        for (Tensor input : inputs) {
            if (input.graph != graph) throw new IllegalArgumentException("inputs of two graphs");
        }
    }

    /**
     * Records this operation in its graph and makes its output, which needs a gradient when an input or one of the
     * given parameter leaves does.
     */
    protected final Tensor output(Shape shape, Tensor... leaves) {
        boolean needsGrad = false;
        for (Tensor input : inputs) needsGrad |= input.needsGrad();
        for (Tensor leaf : leaves) needsGrad |= leaf != null && leaf.needsGrad();
        output = new Tensor(graph, shape, needsGrad);
        output.producer = this;
        graph.record(this);
        return output;
    }

    /** The output's shape. */
    public final Shape shape() {
        return output.shape();
    }

    /** Floating-point operations in the matrix products of one forward run. */
    public long productFlops() {
        return 0;
    }

    /** What kind of operation this is: for profiles. */
    @Override
    public String toString() {
        return getClass().getSimpleName();
    }

    /** Computes the output's values. */
    protected abstract void forward();

    /** Adds the output's gradient, times the derivative, to the gradient of each input that needs one. */
    protected abstract void backward();
}
