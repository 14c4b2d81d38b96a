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
 * {@link #forward()} runs them in that order, {@link #backward} in reverse, applying the chain rule. Memory is assigned
 * once, before the first run, and reused by every later run, so that a warm run allocates nothing. Without gradients,
 * the memory of tensors that are no longer needed is reused within a run.
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
 * Not thread-safe. Several graphs, also in different threads, may share parameters while no one changes them.
 */
public final class Graph {
    /** How a graph computes. */
    public enum Mode {
        /** Computes no gradients; no dropout; BatchNorm uses running statistics. */
        INFERENCE,
        /** Computes gradients; otherwise like {@link #INFERENCE}. */
        GRADIENT,
        /** Computes gradients of variables, not of parameters, for attributions; otherwise like {@link #INFERENCE}. */
        VARIABLES,
        /** Computes gradients, with dropout, and BatchNorm uses batch statistics. */
        TRAINING
    }

    /** Receives, while a graph is recorded, the tensors that layers make. It is not called while a graph runs. */
    @FunctionalInterface
    public interface Observer {
        /**
         * Called when a layer has made a tensor.
         *
         * @param layer the layer that made the tensor
         * @param part the name of the tensor within the layer; empty for the layer's result
         */
        void shown(Object layer, String part, Tensor tensor);
    }

    private final Mode mode;
    private final Kernels kernels;
    private final List<Operation> operations = new ArrayList<>();
    /** Variables, and the statistics that operations compute in addition to their outputs. */
    private final List<Tensor> separateTensors = new ArrayList<>();
    private final Map<Parameter, Tensor> leaves = new LinkedHashMap<>();
    private boolean allocated;
    private boolean readyForBackward;
    private float[] scratch = {};
    private float[] discard = {};
    private long seed;
    private int dropouts;
    private boolean held;
    /** Null if there is none. */
    private Observer observer;

    /**
     * An empty graph on the kernels that were chosen for this JVM.
     *
     * @throws IllegalStateException as {@link KernelSelection#active()}
     */
    public Graph(Mode mode) {
        this(mode, KernelSelection.active());
    }

    /** An empty graph on the given kernels. Graphs on different kernels may share parameters. */
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

    /** True if the mode is {@link Mode#TRAINING}. */
    public boolean training() {
        return mode == Mode.TRAINING;
    }

    /** Sets the observer of the tensors that layers record from now on. */
    public void observe(Observer newObserver) {
        observer = newObserver;
    }

    /** For layers, while recording: passes a tensor to the observer, if there is one. */
    public void show(Object layer, String part, Tensor tensor) {
        if (observer != null) observer.shown(layer, part, tensor);
    }

    /**
     * If true, later runs reuse the discrete choices of the last run, such as the strongest frequencies or the weights
     * of a robust trend; if false, every run makes them again. Attributions need this: they integrate gradients on the
     * path from one input to another, and a changed choice would be a jump, which no gradient shows.
     *
     * @throws IllegalStateException unless the mode is VARIABLES: other graphs do not keep their choices
     */
    public void hold(boolean choices) {
        if (mode != Mode.VARIABLES) throw new IllegalStateException("a graph of mode " + mode + " keeps no choices");
        held = choices;
    }

    /** True if the choices of the last run are reused; see {@link #hold}. */
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
     * @throws IllegalStateException when the graph has the mode INFERENCE
     */
    public Tensor variable(Shape shape) {
        if (mode == Mode.INFERENCE) throw new IllegalStateException("a graph of mode INFERENCE has no gradients");
        return withGradient(shape);
    }

    /** A tensor with its own memory and gradient that is not the output of an operation. */
    Tensor withGradient(Shape shape) {
        Tensor tensor = new Tensor(this, shape, true).keep();
        tensor.value = new float[shape.size()];
        tensor.grad = new float[shape.size()];
        separateTensors.add(tensor);
        return tensor;
    }

    /** A tensor whose elements all have the given value; it has no gradient. */
    public Tensor constant(Shape shape, float value) {
        Tensor constant = input(shape);
        Arrays.fill(constant.value, value);
        return constant;
    }

    /** This graph's tensor for a parameter. It shares the parameter's values and has its own gradient. */
    public Tensor leaf(Parameter parameter) {
        return leaves.computeIfAbsent(parameter, p -> {
            boolean needsGrad = (mode == Mode.GRADIENT || mode == Mode.TRAINING) && p.trainable();
            Tensor leaf = new Tensor(this, p.shape(), needsGrad).keep();
            leaf.value = p.value();
            if (needsGrad) leaf.grad = new float[p.shape().size()];
            // Stays true: every backward pass adds to this gradient until it is collected.
            leaf.gradWritten = true;
            return leaf;
        });
    }

    /** Sets the seed of dropout for the next runs; the same seed drops the same elements. */
    public void seed(long value) {
        seed = value;
    }

    /** The seed of dropout; 0 unless {@link #seed(long)} was called. */
    public long seed() {
        return seed;
    }

    /** For dropout operations, while recording: the next number, which is unique within this graph. */
    public int nextDropout() {
        return dropouts++;
    }

    /** For operations, while recording: asks for at least {@code size} floats of {@link #scratch()}. */
    public void reserveScratch(int size) {
        if (scratch.length < size) scratch = new float[size];
    }

    /** Working memory of an operation during one forward or backward call; the content does not survive it. */
    public float[] scratch() {
        return scratch;
    }

    /** Memory for a gradient that a kernel writes but that is not needed. */
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
            // If memory ran out, a later run starts again from the beginning.
            if (!allocated) MemoryPlan.release(operations);
        }
    }

    /** Runs every operation in order. */
    public void forward() {
        forward(null);
    }

    /** As {@link #forward()}; adds the nanoseconds of the i-th of {@link #operations} to {@code nanos[i]}, unless null. */
    public void forward(long[] nanos) {
        allocate();
        for (int i = 0; i < operations.size(); i++) {
            long begin = nanos == null ? 0 : System.nanoTime();
            operations.get(i).forward();
            if (nanos != null) nanos[i] += System.nanoTime() - begin;
        }
        readyForBackward = true;
    }

    /** The recorded operations, in the order in which they run. Unmodifiable. */
    public List<Operation> operations() {
        return Collections.unmodifiableList(operations);
    }

    /**
     * Runs the operations in reverse and adds the gradient of {@code weight · loss} (one element) to the leaves. The
     * weight is 1, or the share of the batch that this graph computes. Call it once after each {@link #forward()}: it
     * overwrites what operations keep for it.
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
        // The first gradient that a tensor receives now overwrites the gradient of the last run.
        for (int i = 0; i < operations.size(); i++) operations.get(i).y.gradWritten = false;
        for (int i = 0; i < separateTensors.size(); i++) {
            Arrays.fill(separateTensors.get(i).grad, 0);
            separateTensors.get(i).gradWritten = false;
        }
        loss.grad()[0] = weight;
        loss.root.gradWritten = true; // not loss itself, which may be a reshaped view
        for (int i = operations.size() - 1; i >= 0; i--) {
            Operation operation = operations.get(i);
            if (!operation.hasGradient()) continue;
            long begin = nanos == null ? 0 : System.nanoTime();
            operation.backward();
            if (nanos != null) nanos[i] += System.nanoTime() - begin;
        }
    }

    /**
     * Adds the gradients that accumulated since the last call to {@link Parameter#grad()}, and clears them in this
     * graph. For data-parallel training: each graph accumulates its own gradients, which are then collected graph by
     * graph.
     */
    public void collectGradients() {
        for (Parameter parameter : leaves.keySet()) collectGradient(parameter);
    }

    /** Collects the gradient of one parameter. Threads may collect different parameters at the same time. */
    public void collectGradient(Parameter parameter) {
        Tensor leaf = leaves.get(parameter);
        if (leaf == null || leaf.grad == null) return;
        kernels.elementwise().addScaled(parameter.grad(), 0, leaf.grad, 0, 1, leaf.grad.length);
        Arrays.fill(leaf.grad, 0);
    }
}
