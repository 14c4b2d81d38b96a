package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;
import org.ttm4j.engine.kernel.NormKernels.MeanScaling;

/**
 * Scales the last axis by its mean absolute observed value. If nothing is observed, the mean over the batch is used.
 * <pre>
 * scale = max(Σ|x·m| / max(Σm, 1), 1e-10),  y = x/scale,  loc = 0
 * b = dscale − Σ dy·y/scale,  dx = dy/scale + b·sign(x)·m/Σm
 * </pre>
 * x, y, m: [batch, channels, t]; loc, scale, b: [batch, channels]. The mask has no gradient.
 * {@code ScaleByMean.of([[[3, -1]]], null) = ([[[1.5, -0.5]]], [[0]], [[2]])}.
 */
public final class ScaleByMean extends Operation {
    private static final float MINIMUM = 1e-10f;

    private final Tensor mask;
    private final Tensor scale;
    private final MeanScaling series;

    private ScaleByMean(Tensor x, Tensor mask) {
        super(x, mask);
        if (mask != null) requireShape(mask, x.shape(), "mask");
        this.mask = mask;
        Shape shape = x.shape();
        series = new MeanScaling(shape.dim(0), shape.dim(1), shape.dim(2), MINIMUM);
        scale = statistic(Shape.of(shape.dim(0), shape.dim(1)));
        y = output(shape);
    }

    /** Scales x; mask: 1 = observed, 0 = missing, or null for all observed. */
    public static Standardize.Result of(Tensor x, Tensor mask) {
        ScaleByMean operation = new ScaleByMean(x, mask);
        return new Standardize.Result(operation.y, x.graph().input(operation.scale.shape()), operation.scale);
    }

    @Override
    protected void forward() {
        kernels.norm().scaleByMean(y.value(), scale.value(), x.value(), values(mask), series);
    }

    @Override
    protected void backward() {
        kernels.norm()
                .scaleByMeanBackward(x.grad(), x.accumulatesGrad(), y.addableGrad(), scale.addableGrad(), x.value(),
                        y.value(), scale.value(), values(mask), series);
    }
}
