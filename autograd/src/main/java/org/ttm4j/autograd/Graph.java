package org.ttm4j.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.Shape;
import org.ttm4j.engine.kernel.Kernels;

/**
 * A recorded computation. Operations record themselves in the order they are applied, which is a topological order;
 * {@link #forward()} runs them in that order, {@link #backward} in reverse, applying the chain rule. Memory is laid
 * out once, before the first run, and used again by every later one: a warm run allocates nothing. Without gradients,
 * tensors that are no longer needed pass their memory on.
 *
 * <pre>{@code
 * Graph graph = new Graph(Graph.Mode.GRADIENT);
 * Tensor x = graph.input(Shape.of(2, 3));
 * Tensor loss = PointwiseLoss.of(PointwiseLoss.Function.mse(), linear.forward(x), target, null);
 * System.arraycopy(data, 0, x.value(), 0, 6);
 * graph.forward();
 * graph.backward(loss, 1);
 * }</pre>
 *
 * Not thread-safe. Several graphs may share parameters while nobody changes them.
 */
public final class Graph {
    /** How a graph computes. */
    public enum Mode {
        /** No gradients; dropout off; running statistics. */
        INFERENCE,
        /** Gradients; otherwise as at inference. */
        GRADIENT,
        /** Gradients of variables and none of parameters, to see what a forecast rests on; otherwise as at inference. */
        VARIABLES,
        /** Gradients, dropout, batch statistics. */
        TRAINING
    }

    /** Is shown, while a graph is recorded, what layers make; nothing while it runs. */
    @FunctionalInterface
    public interface Observer {
        /**
         * A layer made a tensor.
         *
         * @param layer whose tensor it is
         * @param part which of the layer's tensors; empty for what the layer returns
         */
        void shown(Object layer, String part, Tensor tensor);
    }

    private final Mode mode;
    private final Kernels kernels;
    private final List<Operation> operations = new ArrayList<>();
    /** Variables, and statistics that operations make beside their outputs. */
    private final List<Tensor> others = new ArrayList<>();
    private final Map<Parameter, Tensor> leaves = new LinkedHashMap<>();
    private boolean allocated;
    private boolean readyForBackward;
    private float[] scratch = {};
    private float[] discard = {};
    private long seed;
    private int dropouts;
    private boolean held;
    /** Null for none. */
    private Observer observer;

    /**
     * A graph without operations, on the kernels that this JVM chose.
     *
     * @throws IllegalStateException as {@link KernelSelection#active()}
     */
    public Graph(Mode mode) {
        this(mode, KernelSelection.active());
    }

    /** A graph without operations, on the given kernels. Graphs on different kernels may share parameters. */
    public Graph(Mode mode, Kernels kernels) {
        this.mode = mode;
        this.kernels = kernels;
    }

    /** How this graph computes. */
    public Mode mode() {
        return mode;
    }

    /** The kernels that this graph's operations call. */
    public Kernels kernels() {
        return kernels;
    }

    /** Whether the mode is {@link Mode#TRAINING}. */
    public boolean training() {
        return mode == Mode.TRAINING;
    }

    /** Shows what layers make to an observer, from now on. */
    public void observe(Observer by) {
        observer = by;
    }

    /** For layers, while recording: shows a tensor to the observer, where there is one. */
    public void show(Object layer, String part, Tensor tensor) {
        if (observer != null) observer.shown(layer, part, tensor);
    }

    /**
     * From now on, what operations pick, such as the strongest frequencies or the weights of a robust trend, stays as it was
     * in the last run; or is picked anew at every run again. For graphs with gradients: attributions add them up on the way
     * from one input to another, where another pick would be a jump, which no gradient shows.
     */
    public void hold(boolean picks) {
        held = picks;
    }

    /** Whether picks are held. */
    public boolean held() {
        return held;
    }

    /** A tensor that the caller fills before a run; it has no gradient. */
    public Tensor input(Shape shape) {
        Tensor input = new Tensor(this, shape, false).keep();
        input.value = new float[shape.size()];
        return input;
    }

    /**
     * A tensor that the caller fills before a run, and whose gradient every {@link #backward} overwrites.
     *
     * @throws IllegalStateException when the graph is of mode INFERENCE
     */
    public Tensor variable(Shape shape) {
        if (mode == Mode.INFERENCE) throw new IllegalStateException("a graph of mode INFERENCE has no gradients");
        return withGradient(shape);
    }

    /** A tensor with memory and a gradient of its own, which is no operation's output. */
    Tensor withGradient(Shape shape) {
        Tensor tensor = new Tensor(this, shape, true).keep();
        tensor.value = new float[shape.size()];
        tensor.grad = new float[shape.size()];
        others.add(tensor);
        return tensor;
    }

    /** A tensor of one value throughout; it has no gradient. */
    public Tensor constant(Shape shape, float value) {
        Tensor constant = input(shape);
        Arrays.fill(constant.value, value);
        return constant;
    }

    /** This graph's tensor for a parameter: it shares the parameter's values and has a gradient of its own. */
    public Tensor leaf(Parameter parameter) {
        return leaves.computeIfAbsent(parameter, p -> {
            boolean needsGrad = (mode == Mode.GRADIENT || mode == Mode.TRAINING) && p.trainable();
            Tensor leaf = new Tensor(this, p.shape(), needsGrad).keep();
            leaf.value = p.value();
            if (needsGrad) leaf.grad = new float[p.shape().size()];
            // And it stays so: no run overwrites this gradient, all add to it until it is collected.
            leaf.gradWritten = true;
            return leaf;
        });
    }

    /** Seeds the next run's dropout; the same seed drops the same elements. */
    public void seed(long value) {
        seed = value;
    }

    /** What {@link #seed(long)} was last given; 0 before. */
    public long seed() {
        return seed;
    }

    /** A number of its own for each dropout operation of this graph, in recording order. */
    public int nextDropout() {
        return dropouts++;
    }

    /** For operations, while recording: asks for at least {@code size} floats of {@link #scratch()}. */
    public void reserveScratch(int size) {
        if (scratch.length < size) scratch = new float[size];
    }

    /** Memory that every operation may use within one forward or backward call, and none beyond it. */
    public float[] scratch() {
        return scratch;
    }

    /** Memory for a gradient that a kernel writes though nobody needs it. */
    float[] discard(int size) {
        if (discard.length < size) discard = new float[size];
        return discard;
    }

    void record(Operation operation) {
        if (allocated) throw new IllegalStateException("this graph has run; record another for more operations");
        operations.add(operation);
    }

    void allocate() {
        if (allocated) return;
        try {
            MemoryPlan.assign(operations, mode != Mode.INFERENCE);
            allocated = true;
        } finally {
            // Where memory ran out, a later run starts again from nothing.
            if (!allocated) MemoryPlan.release(operations);
        }
    }

    /** Runs every operation in order. */
    public void forward() {
        allocate();
        for (int i = 0; i < operations.size(); i++) operations.get(i).forward();
        readyForBackward = true;
    }

    /** As {@link #forward()}, and adds the nanoseconds that the i-th of {@link #operations} takes to {@code nanos[i]}. */
    public void forward(long[] nanos) {
        allocate();
        long begin = System.nanoTime();
        for (int i = 0; i < operations.size(); i++) {
            operations.get(i).forward();
            long end = System.nanoTime();
            nanos[i] += end - begin;
            begin = end;
        }
        readyForBackward = true;
    }

    /** What was recorded, in the order in which it runs. */
    public List<Operation> operations() {
        return Collections.unmodifiableList(operations);
    }

    /**
     * Runs the operations in reverse and adds the gradient of {@code weight · loss} (one element) to the leaves. The weight
     * is 1, or the share of a batch that this graph computes. Call once after each {@link #forward()}: what operations keep
     * for it is overwritten.
     */
    public void backward(Tensor loss, float weight) {
        backward(loss, weight, null);
    }

    /**
     * As {@link #backward(Tensor, float)}, and adds the nanoseconds that the gradient of the i-th of {@link #operations}
     * takes to {@code nanos[i]}, unless that is null.
     */
    public void backward(Tensor loss, float weight, long[] nanos) {
        if (loss.shape().size() != 1) throw new IllegalArgumentException("a loss has one element, not " + loss.shape());
        if (!loss.needsGrad()) throw new IllegalArgumentException("nothing that this loss depends on needs a gradient");
        if (!readyForBackward) {
            throw new IllegalStateException(
                    "call forward() before each backward(): operations reuse what they keep for it");
        }
        readyForBackward = false;
        // The first gradient that a tensor now receives overwrites that of the last run.
        for (int i = 0; i < operations.size(); i++) operations.get(i).output.gradWritten = false;
        for (int i = 0; i < others.size(); i++) {
            Arrays.fill(others.get(i).grad, 0);
            others.get(i).gradWritten = false;
        }
        loss.grad()[0] = weight;
        loss.root.gradWritten = true; // the root: a loss that was reshaped is a view of another tensor
        for (int i = operations.size() - 1; i >= 0; i--) {
            Operation operation = operations.get(i);
            if (!operation.hasGradient()) continue;
            long begin = nanos == null ? 0 : System.nanoTime();
            operation.backward();
            if (nanos != null) nanos[i] += System.nanoTime() - begin;
        }
    }

    /**
     * Adds the gradients gathered since the last call to {@link Parameter#grad()}, and clears them here. For
     * data-parallel training: each graph gathers alone, then they are collected one after the other.
     */
    public void collectGradients() {
        for (Parameter parameter : leaves.keySet()) collectGradient(parameter);
    }

    /** The same for one parameter. Those of different parameters may be collected at the same time, also of one graph. */
    public void collectGradient(Parameter parameter) {
        Tensor leaf = leaves.get(parameter);
        if (leaf == null || leaf.grad == null) return;
        kernels.elementwise().addScaled(parameter.grad(), 0, leaf.grad, 0, 1, leaf.grad.length);
        Arrays.fill(leaf.grad, 0);
    }
}
