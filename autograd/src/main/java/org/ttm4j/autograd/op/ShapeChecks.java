package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/** Shape checks, made once, when an operation is recorded. Each throws IllegalArgumentException with both shapes. */
final class ShapeChecks {
    private ShapeChecks() {}

    static void axis(Tensor x, int axis, int expected, String what) {
        if (x.shape().dim(axis) != expected) {
            throw new IllegalArgumentException(
                    what + " " + x.shape() + ": expected " + expected + " in dimension " + axis);
        }
    }

    static void shape(Shape actual, Shape expected, String what) {
        if (!actual.equals(expected)) {
            throw new IllegalArgumentException(what + " " + actual + ": expected " + expected);
        }
    }

    static void square(Parameter weight, String what) {
        if (weight.shape().dim(0) != weight.shape().dim(1)) {
            throw new IllegalArgumentException(what + " " + weight.shape() + ": expected a square matrix");
        }
    }
}
