package org.ttm4j.autograd.op;

import java.util.stream.IntStream;
import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;

/**
 * Selects indices of an axis, in the given order: y[.., i, ..] = x[.., indices[i], ..]. The gradient is added to the
 * selected elements; the others get 0. {@code Select.of([5, 6, 7], 0, 2, 0) = [7, 5]}.
 */
public final class Select extends Operation {
    private final int[] indices;
    private final int outer;
    private final int inner;
    private final int dim;

    private Select(Tensor x, int axis, int[] indices) {
        super(x);
        this.indices = indices.clone();
        int at = x.shape().index(axis);
        dim = x.shape().dim(at);
        for (int index : indices) {
            if (index < 0 || index >= dim) {
                throw new IllegalArgumentException(
                        "index " + index + " is outside dimension " + axis + " of " + x.shape());
            }
        }
        y = output(x.shape().with(at, indices.length));
        outer = x.shape().product(0, at);
        inner = x.shape().product(at + 1, x.shape().rank());
    }

    /** The given indices of an axis; x itself if these are all its indices in order. */
    public static Tensor of(Tensor x, int axis, int... indices) {
        boolean all = indices.length == x.shape().dim(axis)
                && IntStream.range(0, indices.length).allMatch(i -> indices[i] == i);
        return all ? x : new Select(x, axis, indices).y;
    }

    /** The indices {@code start} to {@code end} (exclusive) of an axis: {@code Select.range([5, 6, 7], 0, 1, 3) = [6, 7]}. */
    public static Tensor range(Tensor x, int axis, int start, int end) {
        return of(x, axis, IntStream.range(start, end).toArray());
    }

    @Override
    protected void forward() {
        for (int i = 0; i < indices.length; i++) {
            kernels.elementwise()
                    .copyBlocks(y.value(), i * inner, indices.length * inner, x.value(), indices[i] * inner,
                            dim * inner, outer, inner, false);
        }
    }

    @Override
    protected void backward() {
        float[] dx = x.addableGrad();
        for (int i = 0; i < indices.length; i++) {
            kernels.elementwise()
                    .copyBlocks(dx, indices[i] * inner, dim * inner, y.grad(), i * inner, indices.length * inner, outer,
                            inner, true);
        }
    }
}
