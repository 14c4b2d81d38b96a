package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;

/**
 * Back to original units: y[.., t] = x[.., t]·scale[..] + loc[..]; dx = dy·scale. scale and loc are statistics without
 * a gradient. x, y: [..., t]; scale, loc: the leading dimensions.
 */
public final class ScaleRows extends Operation {
    private final Tensor x;
    private final Tensor scale;
    private final Tensor loc;
    private final Tensor y;
    private final int rows;

    private ScaleRows(Tensor x, Tensor scale, Tensor loc) {
        super(x, scale, loc);
        this.x = x;
        this.scale = scale;
        this.loc = loc;
        rows = scale.shape().size();
        if (scale.needsGrad() || loc.needsGrad()) throw new IllegalArgumentException("statistics have no gradient");
        ShapeChecks.shape(loc.shape(), scale.shape(), "loc");
        if (x.shape().product(0, x.shape().rank() - 1) != rows) {
            throw new IllegalArgumentException("scale " + scale.shape() + " does not fit the rows of " + x.shape());
        }
        y = output(x.shape());
    }

    /** x·scale + loc, row by row. */
    public static Tensor of(Tensor x, Tensor scale, Tensor loc) {
        return new ScaleRows(x, scale, loc).y;
    }

    @Override
    protected void forward() {
        kernels.elementwise()
                .scaleRows(y.value(), 0, x.value(), 0, scale.value(), loc.value(), rows, x.shape().dim(-1), false);
    }

    @Override
    protected void backward() {
        if (!x.needsGrad()) return;
        kernels.elementwise()
                .scaleRows(x.grad(), 0, y.grad(), 0, scale.value(), null, rows, x.shape().dim(-1), x.accumulatesGrad());
    }
}
