package org.ttm4j.autograd;

import java.util.Arrays;
import java.util.Optional;
import org.ttm4j.engine.Shape;

/**
 * A float32 array in a {@link Graph}: an input, a parameter's value, or the output of an operation, row-major, with a
 * gradient of the same shape where one is needed. Memory is assigned by the graph before its first run and stays. Not
 * thread-safe: a tensor belongs to one graph, and a graph to one thread at a time.
 */
public final class Tensor {
    final Graph graph;
    private final Shape shape;
    private final boolean needsGrad;
    /** Where the memory is: this tensor, or the one that this is a reshaped view of. */
    final Tensor root;

    /** What computes this tensor; null for inputs, leaves and views. */
    Operation producer;
    float[] value;
    float[] grad;
    /** Whether this backward pass has written a gradient yet; the first contribution overwrites. */
    boolean gradWritten;
    /** Kept to the end of the run: inputs and results. Others may share memory. */
    boolean kept;

    Tensor(Graph graph, Shape shape, boolean needsGrad) {
        this.graph = graph;
        this.shape = shape;
        this.needsGrad = needsGrad;
        this.root = this;
    }

    private Tensor(Tensor base, Shape shape) {
        this.graph = base.graph;
        this.shape = shape;
        this.needsGrad = base.needsGrad;
        this.root = base.root;
    }

    /** The graph that this tensor belongs to. */
    public Graph graph() {
        return graph;
    }

    /** The shape of the values. */
    public Shape shape() {
        return shape;
    }

    /** The operation that computes the values; empty for inputs and parameters. */
    public Optional<Operation> producer() {
        return Optional.ofNullable(root.producer);
    }

    /** The same values in another shape of the same size, without a copy: value and gradient are shared. */
    public Tensor reshape(int... dims) {
        Shape target = Shape.of(dims);
        if (target.size() != shape.size()) {
            throw new IllegalArgumentException("cannot reshape " + shape + " to " + target);
        }
        return target.equals(shape) ? this : new Tensor(this, target);
    }

    /**
     * Keeps this tensor's memory to itself until the end of each run, so that it can be read then: without gradients others
     * take it over, and in training dropout overwrites a product that nothing else reads. Returns this.
     */
    public Tensor keep() {
        root.kept = true;
        return this;
    }

    /**
     * The values, live: the first shape().size() floats of the array, which may be longer in a graph of mode INFERENCE,
     * where tensors share memory. Inputs are written here; results that are kept are read here after a run.
     */
    public float[] value() {
        if (root.value == null) graph.allocate();
        return root.value;
    }

    /** Whether a backward pass computes this tensor's gradient. */
    public boolean needsGrad() {
        return needsGrad;
    }

    /** The gradient of the loss with respect to this tensor, live; meaningful during a backward pass. */
    public float[] grad() {
        return root.grad;
    }

    /**
     * For operations, called once before each contribution: whether it must be added to {@link #grad()} (true) or
     * may overwrite it because it is the first of this backward pass (false).
     */
    public boolean accumulatesGrad() {
        boolean written = root.gradWritten;
        root.gradWritten = true;
        return written;
    }

    /** For operations that can only add: the gradient, zeroed when this is its first contribution. */
    public float[] addableGrad() {
        if (!accumulatesGrad()) Arrays.fill(root.grad, 0, shape.size(), 0);
        return root.grad;
    }

    /** For operations whose kernel writes every gradient at once: the gradient, or memory that nobody reads. */
    public float[] gradOrDiscard() {
        return needsGrad ? root.grad : graph.discard(shape.size());
    }
}
