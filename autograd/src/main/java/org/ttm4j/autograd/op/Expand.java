package org.ttm4j.autograd.op;

import java.util.Arrays;
import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;

/**
 * Repeats a dimension of size 1: y[.., i, ..] = x[.., 0, ..] for i = 0 … count − 1. dx = Σ over i of dy[.., i, ..].
 * {@code Expand.of([[1, 2]], 0, 3) = [[1, 2], [1, 2], [1, 2]]}.
 */
public final class Expand extends Operation {
    private final int count;
    private final int outer;
    private final int inner;

    private Expand(Tensor x, int axis, int count) {
        super(x);
        this.count = count;
        requireAxis(x, axis, 1, "expanded tensor");
        int at = x.shape().index(axis);
        y = output(x.shape().with(at, count));
        outer = x.shape().product(0, at);
        inner = x.shape().product(at + 1, x.shape().rank());
    }

    /** x, whose dimension {@code axis} is 1, repeated {@code count} times along it. */
    public static Tensor of(Tensor x, int axis, int count) {
        return new Expand(x, axis, count).y;
    }

    @Override
    protected void forward() {
        if (inner == 1) {
            for (int o = 0; o < outer; o++) Arrays.fill(y.value(), o * count, (o + 1) * count, x.value()[o]);
            return;
        }
        for (int i = 0; i < count; i++) {
            kernels.elementwise()
                    .copyBlocks(y.value(), i * inner, count * inner, x.value(), 0, inner, outer, inner, false);
        }
    }

    @Override
    protected void backward() {
        float[] dx = x.addableGrad();
        if (inner == 1) {
            kernels.elementwise().addRowSums(dx, 0, y.grad(), 0, 1, outer, count);
            return;
        }
        for (int o = 0; o < outer; o++) {
            kernels.elementwise().addColumnSums(dx, o * inner, y.grad(), o * count * inner, count, inner);
        }
    }
}
