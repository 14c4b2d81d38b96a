package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Tensor;

/**
 * A series at half its resolution: y[.., t] = (x[.., 2t] + x[.., 2t + 1])/2; a last element without a partner is dropped.
 * It applies to inputs only: no gradient passes. x: [..., n]; y: [..., n/2].
 */
public final class Halve extends SeriesOperation {
    private Halve(Tensor x) {
        super(x, x.shape().dim(-1) / 2);
    }

    /** The means of pairs, counted from the first element. */
    public static Tensor of(Tensor x) {
        return new Halve(x).y;
    }

    @Override
    protected void forward() {
        kernels.series().halve(y.value(), x.value(), rows, n);
    }
}
