package org.ttm4j.ttm.io;

import java.util.Arrays;
import org.ttm4j.engine.Shape;

/** A tensor of a safetensors file, row-major: floats of any width as float32, integers and booleans as longs. */
public final class SafeTensor {
    private final DType dtype;
    private final Shape shape;
    private final float[] floats;
    private final long[] integers;

    private SafeTensor(DType dtype, Shape shape, float[] floats, long[] integers) {
        this.dtype = dtype;
        this.shape = shape;
        this.floats = floats;
        this.integers = integers;
    }

    /** A tensor of type F32 with the given dimensions; shares {@code values}. */
    public static SafeTensor of(float[] values, int... dims) {
        return of(DType.F32, Shape.of(dims), values);
    }

    /** A tensor of the given float type in the file; shares {@code values}. */
    public static SafeTensor of(DType dtype, Shape shape, float... values) {
        if (!dtype.isFloat()) throw new IllegalArgumentException(dtype + " is no type of floats");
        requireSize(values.length, shape);
        return new SafeTensor(dtype, shape, values, null);
    }

    /** A tensor of integers or of booleans (0 and 1); shares {@code values}. */
    public static SafeTensor ofIntegers(DType dtype, Shape shape, long... values) {
        if (dtype.isFloat()) throw new IllegalArgumentException(dtype + " is no type of integers");
        requireSize(values.length, shape);
        for (long value : values) {
            if (value < dtype.least || value > dtype.most) {
                throw new IllegalArgumentException(value + " does not fit " + dtype);
            }
        }
        return new SafeTensor(dtype, shape, null, values);
    }

    private static void requireSize(int count, Shape shape) {
        if (count != shape.size()) throw new IllegalArgumentException(count + " values for the shape " + shape);
    }

    /**
     * The first rows of a tensor of floats, as many as this shape has; itself where it has that shape.
     *
     * @throws IllegalArgumentException when the shape has more rows, or differs in another axis
     */
    public SafeTensor first(Shape rows) {
        if (rows.equals(shape)) return this;
        if (floats == null || rows.dim(0) > shape.dim(0) || !shape.with(0, rows.dim(0)).equals(rows)) {
            throw new IllegalArgumentException("a tensor of shape " + shape + " has no first rows of shape " + rows);
        }
        return new SafeTensor(dtype, rows, Arrays.copyOf(floats, rows.size()), null);
    }

    public DType dtype() {
        return dtype;
    }

    public Shape shape() {
        return shape;
    }

    /** The values, shared. Throws IllegalStateException when the type is not a float. */
    public float[] floats() {
        if (floats == null) throw new IllegalStateException("a tensor of " + dtype + " holds no floats");
        return floats;
    }

    /** The values, shared; booleans are 0 and 1. Throws IllegalStateException when the type is a float. */
    public long[] integers() {
        if (integers == null) throw new IllegalStateException("a tensor of " + dtype + " holds no integers");
        return integers;
    }
}
