package org.ttm4j.autograd.op;

import java.util.Arrays;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/**
 * Standardises the last axis by its observed steps: y = (x − loc)/scale with n = max(Σm, 1), loc = Σ(x·m)/n,
 * scale = √(Σ((x − loc)·m)²/n + minVariance). x, y, mask: [..., t]; loc, scale: the leading dimensions. It applies to
 * inputs only: no gradient passes.
 */
public final class Standardize extends Operation {
    private final Tensor x;
    private final Tensor mask;
    private final Tensor loc;
    private final Tensor scale;
    private final Tensor y;
    private final float minVariance;

    private Standardize(Tensor x, Tensor mask, Tensor loc, Tensor scale, float minVariance) {
        super(mask == null ? new Tensor[]{x} : new Tensor[]{x, mask});
        if (x.needsGrad()) throw new IllegalArgumentException("no gradient passes a scaler");
        if (mask != null) ShapeChecks.shape(mask.shape(), x.shape(), "mask");
        this.x = x;
        this.mask = mask;
        this.loc = loc;
        this.scale = scale;
        this.minVariance = minVariance;
        y = output(x.shape());
    }

    /** x standardised, with the statistics that did it. */
    public record Result(Tensor scaled, Tensor loc, Tensor scale) {}

    /** Standardises x; mask: 1 = observed, or null for all. */
    public static Result of(Tensor x, Tensor mask, float minVariance) {
        Graph graph = x.graph();
        int[] dims = x.shape().toArray();
        Shape leading = Shape.of(Arrays.copyOf(dims, dims.length - 1));
        Tensor loc = graph.input(leading);
        Tensor scale = graph.input(leading);
        return new Result(new Standardize(x, mask, loc, scale, minVariance).y, loc, scale);
    }

    @Override
    protected void forward() {
        int n = x.shape().dim(-1);
        float[] m = mask == null ? null : mask.value();
        kernels.norm()
                .standardize(y.value(), loc.value(), scale.value(), x.value(), m, loc.shape().size(), n, minVariance);
    }

    /** Never called: the output needs no gradient. */
    @Override
    protected void backward() {}
}
