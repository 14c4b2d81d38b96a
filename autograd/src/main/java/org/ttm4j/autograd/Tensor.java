package org.ttm4j.autograd;

import java.util.Arrays;
import java.util.Optional;
import org.ttm4j.engine.Shape;

/**
 * A float32 array in a {@link Graph}: an input, a parameter's value, or the output of an operation, row-major, with a
 * gradient of the same shape if one is needed. The graph assigns the memory before its first run and does not change
 * it. Not thread-safe: a tensor belongs to one graph, and a graph to one thread at a time.
 */
public final class Tensor {
    final Graph graph;
    private final Shape shape;
    private final boolean needsGrad;
    /** The tensor that owns the memory: this one, or the one that this is a reshaped view of. */
    final Tensor root;

    /** The operation that computes this tensor; null for inputs, leaves and views. */
    Operation producer;
    float[] value;
    float[] grad;
    /** True if this backward pass has already written a gradient. The first contribution overwrites, later ones add. */
    boolean gradWritten;
    /** True for inputs and results, which keep their memory until the run ends. Other tensors may share memory. */
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
     * Reserves this tensor's memory, so that its values can be read after a run, and returns this. Without this call
     * another tensor may reuse the memory in a graph without gradients, and in training dropout may overwrite the
     * values.
     */
    public Tensor keep() {
        root.kept = true;
        return this;
    }

    /**
     * The values, not copied: the first shape().size() floats of the array, which may be longer in a graph of mode
     * INFERENCE, where tensors share memory. Write inputs here before a run; read results here after it, if
     * {@link #keep} was called.
     */
    public float[] value() {
        if (root.value == null) graph.allocate();
        return root.value;
    }

    /** True if a backward pass computes this tensor's gradient. */
    public boolean needsGrad() {
        return needsGrad;
    }

    /** The gradient of the loss, not copied; valid during a backward pass and, for variables, after it. */
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

    /** For operations that can only add: the gradient, set to zero if this is its first contribution. */
    public float[] addableGrad() {
        if (!accumulatesGrad()) Arrays.fill(root.grad, 0, shape.size(), 0);
        return root.grad;
    }

    /** For operations whose kernel writes all gradients: the gradient, or unused memory if none is needed. */
    public float[] gradOrDiscard() {
        return needsGrad ? root.grad : graph.discard(shape.size());
    }
}
