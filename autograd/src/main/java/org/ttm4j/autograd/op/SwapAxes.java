package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/**
 * Swaps two adjacent axes: y[.., j, i, ..] = x[.., i, j, ..]. dx is dy with the axes swapped back.
 * {@code SwapAxes.of([[1, 2, 3], [4, 5, 6]], 0) = [[1, 4], [2, 5], [3, 6]]}.
 */
public final class SwapAxes extends Operation {
    private final int outer;
    private final int rows;
    private final int columns;
    private final int inner;

    private SwapAxes(Tensor x, int axis) {
        super(x);
        Shape shape = x.shape();
        int at = shape.index(axis);
        rows = shape.dim(at);
        columns = shape.dim(at + 1);
        y = output(shape.with(at, columns).with(at + 1, rows));
        outer = shape.product(0, at);
        inner = shape.product(at + 2, shape.rank());
    }

    /** x with {@code axis} and the axis after it swapped; {@code axis} counts from the front. */
    public static Tensor of(Tensor x, int axis) {
        return new SwapAxes(x, axis).y;
    }

    @Override
    protected void forward() {
        kernels.elementwise().swapAxes(y.value(), 0, x.value(), 0, outer, rows, columns, inner, false);
    }

    @Override
    protected void backward() {
        kernels.elementwise().swapAxes(x.grad(), 0, y.grad(), 0, outer, columns, rows, inner, x.accumulatesGrad());
    }
}
