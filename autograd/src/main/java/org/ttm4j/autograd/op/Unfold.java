package org.ttm4j.autograd.op;

import java.util.Arrays;
import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/**
 * Windows over the last axis: y[.., i, j] = x[.., start + i·stride + j]. dx of a step is the sum of dy over the windows
 * that contain it. x: [..., t]; y: [..., count, length].
 * {@code Unfold.of([1, 2, 3, 4, 5], 1, 2, 2, 2) = [[2, 3], [4, 5]]}.
 */
public final class Unfold extends Operation {
    private final int start;
    private final int count;
    private final int length;
    private final int stride;
    private final int rows;
    private final int t;

    private Unfold(Tensor x, int start, int count, int length, int stride) {
        super(x);
        this.start = start;
        this.count = count;
        this.length = length;
        this.stride = stride;
        t = x.shape().dim(-1);
        rows = x.shape().product(0, x.shape().rank() - 1);
        if (start < 0 || start + (count - 1) * stride + length > t) {
            throw new IllegalArgumentException(count + " windows of " + length + " at stride " + stride + " from "
                    + start + " do not fit in the last dimension of " + x.shape());
        }
        int[] dims = x.shape().with(-1, count).toArray();
        int[] windows = Arrays.copyOf(dims, dims.length + 1);
        windows[dims.length] = length;
        y = output(Shape.of(windows));
    }

    /** {@code count} windows of {@code length} steps, the first from {@code start}, each {@code stride} further on. */
    public static Tensor of(Tensor x, int start, int count, int length, int stride) {
        return new Unfold(x, start, count, length, stride).y;
    }

    @Override
    protected void forward() {
        for (int i = 0; i < count; i++) {
            kernels.elementwise()
                    .copyBlocks(y.value(), i * length, count * length, x.value(), start + i * stride, t, rows, length,
                            false);
        }
    }

    @Override
    protected void backward() {
        float[] dx = x.addableGrad();
        for (int i = 0; i < count; i++) {
            kernels.elementwise()
                    .copyBlocks(dx, start + i * stride, t, y.grad(), i * length, count * length, rows, length, true);
        }
    }
}
