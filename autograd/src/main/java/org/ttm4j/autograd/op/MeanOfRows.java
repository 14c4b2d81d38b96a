package org.ttm4j.autograd.op;

import java.util.Arrays;
import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/** The mean over the second last axis: y[.., j] = Σᵢ x[.., i, j]/n; dx[.., i, j] = dy[.., j]/n. x: [..., n, d]; y: [..., d]. */
public final class MeanOfRows extends Operation {
    private final int blocks;
    private final int n;
    private final int d;

    private MeanOfRows(Tensor x) {
        super(x);
        Shape shape = x.shape();
        n = shape.dim(-2);
        d = shape.dim(-1);
        blocks = shape.product(0, shape.rank() - 2);
        int[] dims = Arrays.copyOf(shape.toArray(), shape.rank() - 1);
        dims[dims.length - 1] = d;
        y = output(Shape.of(dims));
    }

    /** The mean over the second last axis, which disappears: {@code MeanOfRows.of([[1, 2], [3, 6]]) = [2, 4]}. */
    public static Tensor of(Tensor x) {
        return new MeanOfRows(x).y;
    }

    @Override
    protected void forward() {
        int size = blocks * d;
        Arrays.fill(y.value(), 0, size, 0);
        for (int b = 0; b < blocks; b++) {
            kernels.elementwise().addColumnSums(y.value(), b * d, x.value(), b * n * d, n, d);
        }
        kernels.elementwise().scale(y.value(), 0, 1f / n, size);
    }

    @Override
    protected void backward() {
        float[] dx = x.addableGrad();
        for (int row = 0; row < blocks * n; row++) {
            kernels.elementwise().addScaled(dx, row * d, y.grad(), row / n * d, 1f / n, d);
        }
    }
}
