package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Tensor;

/**
 * Puts series on a given scale, the way back from {@link ScaleRows}: y[.., t] = (x[.., t] − loc[..])/scale[..]. It applies
 * to inputs only: no gradient passes. x, y: [..., t]; scale, loc: the leading dimensions.
 */
public final class UnscaleRows extends SeriesOperation {
    private final Tensor scale;
    private final Tensor loc;

    private UnscaleRows(Tensor x, Tensor scale, Tensor loc) {
        super(x, x.shape().dim(-1), scale, loc);
        this.scale = scale;
        this.loc = loc;
        ShapeChecks.shape(loc.shape(), scale.shape(), "loc");
        if (scale.shape().size() != rows) {
            throw new IllegalArgumentException("scale " + scale.shape() + " does not fit the rows of " + x.shape());
        }
    }

    /** (x − loc)/scale, row by row. */
    public static Tensor of(Tensor x, Tensor scale, Tensor loc) {
        return new UnscaleRows(x, scale, loc).y;
    }

    @Override
    protected void forward() {
        kernels.elementwise().unscaleRows(y.value(), x.value(), scale.value(), loc.value(), rows, n);
    }
}
