package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;

/**
 * A series at half its resolution; a last element without a partner is dropped.
 * <pre>
 * y[.., t] = (x[.., 2t] + x[.., 2t + 1])/2
 * dx[.., 2t] = dx[.., 2t + 1] = dy[.., t]/2
 * </pre>
 * x: [..., n]; y: [..., n/2].
 */
public final class Halve extends Operation {
    private final int rows;
    private final int n;

    private Halve(Tensor x) {
        super(x);
        n = x.shape().dim(-1);
        rows = x.shape().product(0, x.shape().rank() - 1);
        y = output(x.shape().with(-1, n / 2));
    }

    /** The means of pairs, counted from the first element: {@code Halve.of([1, 3, 5, 9, 8]) = [2, 7]}. */
    public static Tensor of(Tensor x) {
        return new Halve(x).y;
    }

    @Override
    protected void forward() {
        kernels.series().halve(y.value(), x.value(), rows, n);
    }

    @Override
    protected void backward() {
        kernels.series().halveBackward(x.grad(), x.accumulatesGrad(), y.grad(), rows, n);
    }
}
