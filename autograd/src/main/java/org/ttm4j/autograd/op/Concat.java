package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/**
 * Concatenates tensors along an axis; their other dimensions must agree. The gradient of each tensor is its part of dy.
 * {@code Concat.of(0, [[1, 2]], [[3, 4], [5, 6]]) = [[1, 2], [3, 4], [5, 6]]}.
 */
public final class Concat extends Operation {
    private final Tensor[] parts;
    private final int outer;
    /** The number of floats in y for one index of the axes before the concatenated axis. */
    private final int stride;

    private Concat(int axis, Tensor... parts) {
        super(parts);
        this.parts = parts;
        Shape first = parts[0].shape();
        int at = first.index(axis);
        int sum = 0;
        for (Tensor part : parts) {
            requireShape(part, first.with(at, part.shape().dim(at)), "part");
            sum += part.shape().dim(at);
        }
        y = output(first.with(at, sum));
        outer = first.product(0, at);
        stride = sum * first.product(at + 1, first.rank());
    }

    /** The parts concatenated along an axis. Throws IllegalArgumentException if their other dimensions differ. */
    public static Tensor of(int axis, Tensor... parts) {
        return new Concat(axis, parts).y;
    }

    @Override
    protected void forward() {
        int offset = 0;
        for (Tensor part : parts) {
            int length = length(part);
            kernels.elementwise().copyBlocks(y.value(), offset, stride, part.value(), 0, length, outer, length, false);
            offset += length;
        }
    }

    @Override
    protected void backward() {
        int offset = 0;
        for (Tensor part : parts) {
            int length = length(part);
            if (part.needsGrad()) {
                kernels.elementwise()
                        .copyBlocks(part.grad(), 0, length, y.grad(), offset, stride, outer, length,
                                part.accumulatesGrad());
            }
            offset += length;
        }
    }

    private int length(Tensor part) {
        return outer == 0 ? 0 : part.shape().size() / outer;
    }
}
