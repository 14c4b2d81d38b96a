package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/**
 * Scales the last axis by its mean absolute observed value: y = x/scale, scale = max(Σ|x·m| / max(Σm, 1), 1e-10); where
 * nothing is observed the mean over the batch stands in. loc is 0. x, y, mask: [batch, channels, t]; loc, scale:
 * [batch, channels]. It applies to inputs only: no gradient passes.
 */
public final class ScaleByMean extends Operation {
    private static final float MINIMUM = 1e-10f;

    private final Tensor x;
    private final Tensor mask;
    private final Tensor scale;
    private final Tensor y;

    private ScaleByMean(Tensor x, Tensor mask, Tensor scale) {
        super(mask == null ? new Tensor[]{x} : new Tensor[]{x, mask});
        if (x.needsGrad()) throw new IllegalArgumentException("no gradient passes a scaler");
        if (mask != null) ShapeChecks.shape(mask.shape(), x.shape(), "mask");
        this.x = x;
        this.mask = mask;
        this.scale = scale;
        y = output(x.shape());
    }

    /** Scales x; mask: 1 = observed, or null for all. */
    public static Standardize.Result of(Tensor x, Tensor mask) {
        Shape leading = Shape.of(x.shape().dim(0), x.shape().dim(1));
        Tensor scale = x.graph().input(leading);
        return new Standardize.Result(new ScaleByMean(x, mask, scale).y, x.graph().input(leading), scale);
    }

    @Override
    protected void forward() {
        Shape shape = x.shape();
        float[] m = mask == null ? null : mask.value();
        kernels.norm()
                .scaleByMean(y.value(), scale.value(), x.value(), m, shape.dim(0), shape.dim(1), shape.dim(2), MINIMUM);
    }

    /** Never called: the output needs no gradient. */
    @Override
    protected void backward() {}
}
