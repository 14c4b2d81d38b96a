package org.ttm4j.autograd.op;

import java.util.Arrays;
import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/**
 * Standardises the last axis by the mean and the standard deviation of its n = max(Σm, 1) observed steps, for which m =
 * 1.
 * <pre>
 * loc = Σ(x·m)/n,  scale = √(Σ((x − loc)·m)²/n + minVariance),  y = (x − loc)/scale
 * a = dloc − Σ dy/scale,  b = dscale − Σ dy·y/scale,  dx = dy/scale + (a + b·y)·m/n
 * </pre>
 * x, y, m: [..., t]; loc, scale, a, b: the leading dimensions. The mask has no gradient.
 * {@code Standardize.of([[1, 3, 0]], [[1, 1, 0]], 0) = ([[-1, 1, -2]], [2], [1])}.
 */
public final class Standardize extends Operation {
    private final Tensor mask;
    private final Tensor loc;
    private final Tensor scale;
    private final float minVariance;

    private Standardize(Tensor x, Tensor mask, float minVariance) {
        super(x, mask);
        if (mask != null) requireShape(mask, x.shape(), "mask");
        this.mask = mask;
        this.minVariance = minVariance;
        int[] dims = x.shape().toArray();
        Shape leading = Shape.of(Arrays.copyOf(dims, dims.length - 1));
        loc = statistic(leading);
        scale = statistic(leading);
        y = output(x.shape());
    }

    /** The standardised series, and the mean and the standard deviation that were used. */
    public record Result(Tensor scaled, Tensor loc, Tensor scale) {}

    /** Standardises x; mask: 1 = observed, 0 = missing, or null for all observed. */
    public static Result of(Tensor x, Tensor mask, float minVariance) {
        Standardize operation = new Standardize(x, mask, minVariance);
        return new Result(operation.y, operation.loc, operation.scale);
    }

    @Override
    protected void forward() {
        kernels.norm()
                .standardize(y.value(), loc.value(), scale.value(), x.value(), values(mask), loc.shape().size(),
                        x.shape().dim(-1), minVariance);
    }

    @Override
    protected void backward() {
        kernels.norm()
                .standardizeBackward(x.grad(), x.accumulatesGrad(), y.addableGrad(), loc.addableGrad(),
                        scale.addableGrad(), y.value(), scale.value(), values(mask), loc.shape().size(),
                        x.shape().dim(-1));
    }
}
