package org.ttm4j.engine;

import java.util.Arrays;

/** The dimensions of a row-major array, outermost first. A scalar has rank 0 and size 1. Immutable. */
public final class Shape {
    private final int[] dims;
    private final int size;

    private Shape(int[] dims) {
        long product = 1;
        for (int dim : dims) {
            if (dim < 0) throw new IllegalArgumentException("negative dimension in " + Arrays.toString(dims));
            product = Math.min(product * dim, Integer.MAX_VALUE + 1L);
        }
        if (product > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(Arrays.toString(dims) + " has more than 2³¹ − 1 elements");
        }
        this.dims = dims;
        this.size = (int) product;
    }

    /** The shape of the given dimensions. Throws IllegalArgumentException if one is negative or the size overflows. */
    public static Shape of(int... dims) {
        return new Shape(dims.clone());
    }

    /** The number of dimensions. */
    public int rank() {
        return dims.length;
    }

    /** Dimension {@code axis}; negative axes count from the end, −1 being the last. */
    public int dim(int axis) {
        return dims[index(axis)];
    }

    /** The number of elements. */
    public int size() {
        return size;
    }

    /** The non-negative index of an axis; a negative axis counts from the end. */
    public int index(int axis) {
        int index = axis < 0 ? axis + dims.length : axis;
        if (index < 0 || index >= dims.length) throw new IllegalArgumentException("no axis " + axis + " in " + this);
        return index;
    }

    /** The product of the dimensions {@code from} (inclusive) to {@code to} (exclusive). */
    public int product(int from, int to) {
        int product = 1;
        for (int i = from; i < to; i++) product *= dims[i];
        return product;
    }

    /** This shape with dimension {@code axis} replaced. */
    public Shape with(int axis, int dim) {
        int[] changed = dims.clone();
        changed[index(axis)] = dim;
        return new Shape(changed);
    }

    /** A copy of the dimensions, outermost first. */
    public int[] toArray() {
        return dims.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape && Arrays.equals(dims, ((Shape) other).dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** For example {@code [2, 8, 192]}. */
    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
