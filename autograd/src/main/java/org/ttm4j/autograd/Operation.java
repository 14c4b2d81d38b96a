package org.ttm4j.autograd;

import java.util.ArrayList;
import java.util.List;
import org.ttm4j.engine.Shape;
import org.ttm4j.engine.kernel.Kernels;

/**
 * One step of a {@link Graph}: computes an output tensor from input tensors and parameters, and carries the gradient
 * back. An operation calls kernels and never loops over elements. Subclasses record themselves with {@link #output}.
 */
public abstract class Operation {
    final Tensor[] inputs;
    Tensor output;
    /** Tensors with a gradient that are computed beside the output. */
    private final List<Tensor> statistics = new ArrayList<>(0);
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
     * given leaves does, the tensors of parameters ({@link Graph#leaf}).
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

    /**
     * Makes a tensor that this operation computes beside its output, such as the mean of a series, and which needs a gradient
     * when an input does. To be called before {@link #output}, by operations whose backward passes it on.
     */
    protected final Tensor statistic(Shape shape) {
        boolean needsGrad = false;
        for (Tensor input : inputs) needsGrad |= input.needsGrad();
        if (!needsGrad) return graph.input(shape);
        Tensor statistic = graph.withGradient(shape);
        statistics.add(statistic);
        return statistic;
    }

    /** Makes the output of an operation that passes no gradient, whatever it reads. */
    protected final Tensor outputWithoutGradient(Shape shape) {
        output = new Tensor(graph, shape, false);
        output.producer = this;
        graph.record(this);
        return output;
    }

    /** Whether this backward pass has given the output or a statistic a gradient; if not, there is nothing to pass on. */
    boolean hasGradient() {
        if (!output.needsGrad()) return false;
        boolean written = output.gradWritten;
        for (int i = 0; i < statistics.size(); i++) written |= statistics.get(i).gradWritten;
        return written;
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

    /**
     * The input whose memory may become the output's, so that forward works in place; null for none, which is right for every
     * operation. Forward must compute element by element, and backward must not read the values of this input, which are gone.
     */
    protected Tensor overwritesValue() {
        return null;
    }

    /**
     * The input, of the output's size, whose gradient may lie where the output's gradient does; null for none, which is right
     * for every operation. Backward then reads and writes one array. It has nothing to do where both gradients are the same
     * numbers, as dr = dy in y = x ⊙ p + r. Else it must compute this gradient element by element, and after those of the
     * other inputs, as the output's is gone then.
     */
    protected Tensor overwritesGradient() {
        return null;
    }

    /**
     * Whether this operation reads its output again, in backward or at the next run; true is right for every operation. If not,
     * the one operation that reads the output may overwrite it, as {@link #overwritesValue} says.
     */
    protected boolean readsOutput() {
        return true;
    }

    /** Computes the output's values. */
    protected abstract void forward();

    /** Adds the output's gradient, times the derivative, to the gradient of each input that needs one. */
    protected abstract void backward();
}
