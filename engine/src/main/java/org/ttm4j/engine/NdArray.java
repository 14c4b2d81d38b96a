package org.ttm4j.engine;

/**
 * A float32 array with a shape, row-major. Holds the caller's array without copying it.
 *
 * @param shape the dimensions
 * @param values shape.size() floats; shared, not copied
 */
public record NdArray(Shape shape, float[] values) {

    /** Throws IllegalArgumentException if the number of values does not fit the shape. */
    public NdArray {
        if (values.length != shape.size()) {
            throw new IllegalArgumentException(values.length + " values for the shape " + shape);
        }
    }

    /** The given values, not copied, with the given dimensions. */
    public static NdArray of(float[] values, int... dims) {
        return new NdArray(Shape.of(dims), values);
    }
}
