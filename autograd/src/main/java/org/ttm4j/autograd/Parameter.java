package org.ttm4j.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.ttm4j.engine.Shape;
import org.ttm4j.engine.kernel.MatMulKernels;

/**
 * A named array of a model: trained weights, or state that is stored with them but not trained. Reading is thread-safe
 * while no one writes; code that changes the values must call {@link #changed()} afterwards.
 */
public final class Parameter {
    /** What a parameter is for. */
    public enum Kind {
        /** Updated by an optimiser unless frozen. */
        TRAINED,
        /** Stored, not trained: running statistics, fixed positional encodings. */
        BUFFER,
        /** A stored count, an int64 in checkpoints: a {@link Parameter#count()} without a {@link Parameter#value()}. */
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
    /** The packed copies, one for each kernel set and orientation in use: so few that a list is fastest. */
    private final List<Packed> packed = new ArrayList<>(2);

    /** A parameter of zeros. The name is the last part of its key. */
    public Parameter(String name, Kind kind, Shape shape) {
        this.name = name;
        this.kind = kind;
        this.shape = shape;
        this.value = new float[kind == Kind.COUNTER ? 0 : shape.size()];
    }

    /** What this parameter is for. */
    public Kind kind() {
        return kind;
    }

    /** The shape of the values. */
    public Shape shape() {
        return shape;
    }

    /** The values, not copied; empty for a counter. */
    public float[] value() {
        return value;
    }

    /** The count of a counter. A long, because a float could not count beyond 2²⁴. */
    public long count() {
        return count;
    }

    /** Sets the count of a counter. */
    public void count(long newCount) {
        count = newCount;
    }

    /** The gradient that an optimiser reads, not copied; zeros until {@link Graph#collectGradients} adds to it. */
    public float[] grad() {
        if (grad == null) grad = new float[value.length];
        return grad;
    }

    /** True if graphs compute this parameter's gradient: it is trained and not frozen. */
    public boolean trainable() {
        return kind == Kind.TRAINED && !frozen;
    }

    /** Excludes the parameter from training, or includes it again. Affects graphs that are recorded afterwards. */
    public void freeze(boolean freeze) {
        frozen = freeze;
    }

    /** Sets the values, in order, to what the supplier returns. */
    public void fill(DoubleSupplier values) {
        for (int i = 0; i < value.length; i++) value[i] = (float) values.getAsDouble();
        changed();
    }

    /** Must be called after the values have changed, so that the packed copies are made again. */
    public void changed() {
        version++;
    }

    /** As {@link #changed()}, and makes the packed copies again at once, while the values are in the cache. */
    public synchronized void repack() {
        changed();
        for (int i = 0; i < packed.size(); i++) refresh(packed.get(i));
    }

    /**
     * This matrix W (k × n) packed for x·W by {@link MatMulKernels#multiply} of the given kernels, which define the
     * layout. The copy is made once after each change and shared by threads.
     */
    public float[] packed(MatMulKernels kernels) {
        return packed(kernels, false);
    }

    /** Wᵀ of this matrix (n × k) packed for x·Wᵀ; otherwise as {@link #packed(MatMulKernels)}. */
    public float[] packedTransposed(MatMulKernels kernels) {
        return packed(kernels, true);
    }

    /** Releases the packed copies for these kernels. They are made again when requested. */
    public synchronized void releasePacked(MatMulKernels kernels) {
        packed.removeIf(copy -> copy.kernels == kernels);
    }

    private synchronized float[] packed(MatMulKernels kernels, boolean transposed) {
        Packed copy = null;
        for (int i = 0; copy == null && i < packed.size(); i++) {
            Packed candidate = packed.get(i);
            if (candidate.kernels == kernels && candidate.transposed == transposed) copy = candidate;
        }
        if (copy == null) {
            int size = kernels.packedSize(shape.dim(transposed ? 1 : 0), shape.dim(transposed ? 0 : 1));
            copy = new Packed(kernels, transposed, new float[size], version - 1);
            packed.add(copy);
        }
        if (copy.version != version) refresh(copy);
        return copy.values;
    }

    private void refresh(Packed copy) {
        int now = version;
        int k = shape.dim(copy.transposed ? 1 : 0);
        int n = shape.dim(copy.transposed ? 0 : 1);
        if (copy.transposed) copy.kernels.packTransposed(copy.values, value, k, n);
        else copy.kernels.pack(copy.values, value, k, n);
        copy.version = now;
    }

    /** A packed copy and the version of the values in it. Reused, so that training allocates nothing. */
    private static final class Packed {
        private final MatMulKernels kernels;
        private final boolean transposed;
        private final float[] values;
        private int version;

        private Packed(MatMulKernels kernels, boolean transposed, float[] values, int version) {
            this.kernels = kernels;
            this.transposed = transposed;
            this.values = values;
            this.version = version;
        }
    }

    @Override
    public String toString() {
        return name + " " + shape;
    }
}
