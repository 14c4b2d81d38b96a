package org.ttm4j.autograd;

import java.util.function.DoubleSupplier;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.MatMulKernels;
import org.ttm4j.engine.Shape;

/**
 * A named array that belongs to a model: trained weights, or state that is stored with them but not trained. Reading
 * is thread-safe while nobody writes; whoever changes the values calls {@link #changed()} afterwards.
 */
public final class Parameter {
    /** What a parameter is for. */
    public enum Kind {
        /** Updated by an optimiser unless frozen. */
        TRAINED,
        /** Stored, not trained: running statistics, fixed positional encodings. */
        BUFFER,
        /** A stored count, an int64 in checkpoints: {@link Parameter#count()}, and no {@link Parameter#value()}. */
        COUNTER
    }

    private final String name;
    private final Kind kind;
    private final Shape shape;
    private final float[] value;
    private long count;
    private float[] grad;
    private boolean frozen;
    private volatile int version;
    private Packed packed;
    private Packed packedTransposed;

    /** A parameter of zeros. The name is the last part of its key. */
    public Parameter(String name, Kind kind, Shape shape) {
        this.name = name;
        this.kind = kind;
        this.shape = shape;
        this.value = new float[kind == Kind.COUNTER ? 0 : shape.size()];
    }

    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    public Shape shape() {
        return shape;
    }

    /** The values, live; none for a counter. */
    public float[] value() {
        return value;
    }

    /** The count of a counter, exact where a float would stop at 2²⁴. */
    public long count() {
        return count;
    }

    /** Sets the count of a counter. */
    public void count(long newCount) {
        count = newCount;
    }

    /** The gradient that an optimiser reads, live; zeros until {@link Graph#collectGradients} fills it. */
    public float[] grad() {
        if (grad == null) grad = new float[value.length];
        return grad;
    }

    /** Whether graphs compute this parameter's gradient: it is trained and not frozen. */
    public boolean trainable() {
        return kind == Kind.TRAINED && !frozen;
    }

    /** Excludes the parameter from training, or includes it again; seen by graphs that are recorded afterwards. */
    public void freeze(boolean freeze) {
        frozen = freeze;
    }

    /** Sets every value, in order, to the next of a supplier. */
    public void fill(DoubleSupplier values) {
        for (int i = 0; i < value.length; i++) value[i] = (float) values.getAsDouble();
        changed();
    }

    /** Says that the values have changed, so that packed copies are made anew. */
    public void changed() {
        version++;
    }

    /** This matrix W (k × n) packed for {@link MatMulKernels#multiply}: x·W. Made once per change, shared by threads. */
    public synchronized float[] packed() {
        packed = pack(packed, false);
        return packed.values;
    }

    /** Wᵀ of this matrix (n × k) packed for x·Wᵀ; otherwise as {@link #packed()}. */
    public synchronized float[] packedTransposed() {
        packedTransposed = pack(packedTransposed, true);
        return packedTransposed.values;
    }

    private Packed pack(Packed current, boolean transposed) {
        int now = version;
        if (current != null && current.version == now) return current;
        MatMulKernels matMul = KernelSelection.active().matMul();
        int k = shape.dim(transposed ? 1 : 0);
        int n = shape.dim(transposed ? 0 : 1);
        Packed made = current != null ? current : new Packed(new float[matMul.packedSize(k, n)]);
        if (transposed) matMul.packTransposed(made.values, value, 0, k, n);
        else matMul.pack(made.values, value, 0, k, n);
        made.version = now;
        return made;
    }

    /** A packed copy and the version it was made of; one object for good, so that training allocates nothing. */
    private static final class Packed {
        private final float[] values;
        private int version;

        private Packed(float[] values) {
            this.values = values;
        }
    }

    @Override
    public String toString() {
        return name + " " + shape;
    }
}
