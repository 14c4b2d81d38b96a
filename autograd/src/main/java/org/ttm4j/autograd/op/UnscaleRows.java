package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;

/**
 * Transforms series to a given scale, the inverse of {@link ScaleRows}: y[.., t] = (x[.., t] − loc[..])/scale[..].
 * Passes no gradient, so x must not need one. x, y: [..., t]; scale, loc: the leading dimensions.
 */
public final class UnscaleRows extends Operation {
    private final Tensor scale;
    private final Tensor loc;

    private UnscaleRows(Tensor x, Tensor scale, Tensor loc) {
        super(x, scale, loc);
        if (x.needsGrad()) throw new IllegalArgumentException("no gradient passes: expected an input");
        this.scale = scale;
        this.loc = loc;
        requireShape(loc, scale.shape(), "loc");
        if (scale.shape().size() != x.shape().product(0, x.shape().rank() - 1)) {
            throw new IllegalArgumentException("scale " + scale.shape() + " does not fit the rows of " + x.shape());
        }
        y = outputWithoutGradient(x.shape());
    }

    /** (x − loc)/scale, row by row: {@code UnscaleRows.of([[15, 25]], [10], [5]) = [[1, 2]]}. */
    public static Tensor of(Tensor x, Tensor scale, Tensor loc) {
        return new UnscaleRows(x, scale, loc).y;
    }

    @Override
    protected void forward() {
        kernels.elementwise()
                .unscaleRows(y.value(), x.value(), scale.value(), loc.value(), scale.shape().size(), x.shape().dim(-1));
    }

    /** Never called: the output needs no gradient. */
    @Override
    protected void backward() {}
}
