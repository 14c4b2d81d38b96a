package org.ttm4j.ttm.io;

import java.util.Arrays;
import org.ttm4j.engine.Shape;

/**
 * A tensor of a safetensors file, row-major, which shares its values: floats of any width as float32, integers and
 * booleans (0 and 1) as longs.
 *
 * @param floats null if the type is not a float
 * @param integers null if the type is a float
 */
public record SafeTensor(DType dtype, Shape shape, float[] floats, long[] integers) {

    /** Throws IllegalArgumentException unless the values fit the type and are as many as the shape has. */
    public SafeTensor {
        if (dtype.isFloat() == (floats == null) || dtype.isFloat() != (integers == null)) {
            throw new IllegalArgumentException(
                    dtype + ": expected " + (dtype.isFloat() ? "floats" : "integers") + " and nothing else");
        }
        int count = floats == null ? integers.length : floats.length;
        if (count != shape.size()) throw new IllegalArgumentException(count + " values for the shape " + shape);
        for (int i = 0; floats == null && i < count; i++) {
            if (integers[i] < dtype.least || integers[i] > dtype.most) {
                throw new IllegalArgumentException(integers[i] + " does not fit " + dtype);
            }
        }
    }

    /** A tensor of type F32 with the given dimensions. */
    public static SafeTensor of(float[] values, int... dims) {
        return of(DType.F32, Shape.of(dims), values);
    }

    /** A tensor of the given float type in the file. */
    public static SafeTensor of(DType dtype, Shape shape, float... values) {
        return new SafeTensor(dtype, shape, values, null);
    }

    /** A tensor of integers or of booleans. */
    public static SafeTensor ofIntegers(DType dtype, Shape shape, long... values) {
        return new SafeTensor(dtype, shape, null, values);
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

    /** The values. Throws IllegalStateException when the type is not a float. */
    @Override
    public float[] floats() {
        if (floats == null) throw new IllegalStateException("a tensor of " + dtype + " holds no floats");
        return floats;
    }

    /** The values; booleans are 0 and 1. Throws IllegalStateException when the type is a float. */
    @Override
    public long[] integers() {
        if (integers == null) throw new IllegalStateException("a tensor of " + dtype + " holds no integers");
        return integers;
    }
}
