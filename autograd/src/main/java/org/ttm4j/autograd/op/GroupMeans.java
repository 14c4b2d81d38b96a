package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/**
 * Divides an axis into groups of neighbours and replaces each element by the mean of its group. dx is the same
 * operation on dy, because y = M·x with a symmetric matrix M. x, y: one shape; the number of groups divides the length
 * of the axis. {@code GroupMeans.of([1, 3, 10, 20], 0, 2) = [2, 2, 15, 15]}.
 */
public final class GroupMeans extends Operation {
    private final int groups;
    private final int size;
    private final int d;

    private GroupMeans(Tensor x, int axis, int groups) {
        super(x);
        Shape shape = x.shape();
        int at = shape.index(axis);
        if (groups < 1 || shape.dim(at) % groups != 0) {
            throw new IllegalArgumentException(groups + " groups do not divide dimension " + axis + " of " + shape);
        }
        y = output(shape);
        this.groups = shape.product(0, at) * groups;
        size = shape.dim(at) / groups;
        d = shape.product(at + 1, shape.rank());
    }

    /** x with each element replaced by the mean of its group along an axis; x itself if every group has one element. */
    public static Tensor of(Tensor x, int axis, int groups) {
        return groups == x.shape().dim(axis) ? x : new GroupMeans(x, axis, groups).y;
    }

    @Override
    protected void forward() {
        kernels.elementwise().groupMeans(y.value(), x.value(), groups, size, d, false);
    }

    @Override
    protected void backward() {
        kernels.elementwise().groupMeans(x.grad(), y.grad(), groups, size, d, x.accumulatesGrad());
    }
}
