package org.ttm4j.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.ttm4j.engine.Shape;
import org.ttm4j.engine.kernel.Kernels;

/**
 * One step of a {@link Graph}: computes an output tensor from input tensors and parameters, and carries the gradient
 * back. An operation calls kernels and never loops over elements. Subclasses record themselves with {@link #output}.
 */
public abstract class Operation {
    final Tensor[] inputs;
    /** The first input: x in most formulas. */
    protected final Tensor x;
    /** The output, once {@link #output} has made it. */
    protected Tensor y;
    /** Tensors with a gradient that are computed in addition to the output. */
    private final List<Tensor> statistics = new ArrayList<>(0);
    /** The graph that this operation is recorded in. */
    protected final Graph graph;
    /** The kernels of that graph. */
    protected final Kernels kernels;

    /** An operation on one or more tensors of the same graph; null inputs after the first are ignored. */
    protected Operation(Tensor... inputs) {
        this.inputs = Arrays.stream(inputs).filter(Objects::nonNull).toArray(Tensor[]::new);
        x = inputs[0];
        this.graph = x.graph;
        this.kernels = graph.kernels();
        for (Tensor input : this.inputs) {
            if (input.graph != graph) throw new IllegalArgumentException("inputs of two graphs");
        }
    }

    /**
     * Records this operation in its graph and makes its output. The output needs a gradient if an input or one of the
     * given leaves, the tensors of parameters ({@link Graph#leaf}), needs one.
     */
    protected final Tensor output(Shape shape, Tensor... leaves) {
        boolean needsGrad = inputsNeedGrad();
        for (Tensor leaf : leaves) needsGrad |= leaf != null && leaf.needsGrad();
        return record(shape, needsGrad);
    }

    /** As {@link #output}, for an operation that never passes a gradient to its inputs. */
    protected final Tensor outputWithoutGradient(Shape shape) {
        return record(shape, false);
    }

    private Tensor record(Shape shape, boolean needsGrad) {
        y = new Tensor(graph, shape, needsGrad);
        y.producer = this;
        graph.record(this);
        return y;
    }

    private boolean inputsNeedGrad() {
        return Arrays.stream(inputs).anyMatch(Tensor::needsGrad);
    }

    /**
     * Makes a tensor that this operation computes in addition to its output, such as the mean of a series. The tensor
     * needs a gradient if an input does; the operation's backward must then pass it on. Must be called before
     * {@link #output}.
     */
    protected final Tensor statistic(Shape shape) {
        if (!inputsNeedGrad()) return graph.input(shape);
        Tensor statistic = graph.withGradient(shape);
        statistics.add(statistic);
        return statistic;
    }

    /** True if the output or a statistic has received a gradient in this backward pass. If not, backward is skipped. */
    boolean hasGradient() {
        if (!y.needsGrad()) return false;
        boolean written = y.gradWritten;
        for (int i = 0; i < statistics.size(); i++) written |= statistics.get(i).gradWritten;
        return written;
    }

    /** The output's shape. */
    public final Shape shape() {
        return y.shape();
    }

    /** The number of floating-point operations in the matrix products of one forward run. */
    public long productFlops() {
        return 0;
    }

    /** The name of this kind of operation in profiles. */
    @Override
    public String toString() {
        return getClass().getSimpleName();
    }

    /**
     * The input whose memory the output may share, so that forward works in place; null, which is correct for every
     * operation, if there is none. Forward must then compute element by element, and backward must not read the values
     * of this input, because they are overwritten.
     */
    protected Tensor overwritesValue() {
        return null;
    }

    /**
     * The input, of the output's size, whose gradient may share the memory of the output's gradient; null, which is
     * correct for every operation, if there is none. Backward then reads and writes the same array. If both gradients
     * are equal, such as dr = dy in y = x ⊙ p + r, there is nothing to compute. Otherwise backward must compute this
     * gradient element by element and last, because it overwrites the gradient of the output.
     */
    protected Tensor overwritesGradient() {
        return null;
    }

    /**
     * True if this operation reads its output again, in backward or in the next run; true is correct for every
     * operation. If false, the only operation that reads the output may overwrite it; see {@link #overwritesValue}.
     */
    protected boolean readsOutput() {
        return true;
    }

    /** Throws IllegalArgumentException with both shapes unless the tensor has this shape. */
    protected static void requireShape(Tensor tensor, Shape expected, String what) {
        if (tensor.shape().equals(expected)) return;
        throw new IllegalArgumentException(what + " " + tensor.shape() + ": expected " + expected);
    }

    /** Throws IllegalArgumentException with the tensor's shape unless the axis has this length. */
    protected static void requireAxis(Tensor tensor, int axis, int expected, String what) {
        if (tensor.shape().dim(axis) == expected) return;
        throw new IllegalArgumentException(
                what + " " + tensor.shape() + ": expected " + expected + " in dimension " + axis);
    }

    /** The values of a tensor that an operation may lack, such as a mask; null for null. */
    protected static float[] values(Tensor optional) {
        return optional == null ? null : optional.value();
    }

    /** Computes the output's values. */
    protected abstract void forward();

    /** Adds the output's gradient, times the derivative, to the gradient of each input that needs one. */
    protected abstract void backward();
}
