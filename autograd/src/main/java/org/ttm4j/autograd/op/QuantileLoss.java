package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/**
 * The mean pinball loss of several quantiles, plus a penalty on the distances between them: the mean over the observed
 * entries of Σ over levels of max(τ·e, (τ − 1)·e)/Q + w·q, e = target − q, where τ and w belong to the level.
 * quantiles: [..., Q, n]; target, mask: [..., n]; the result has one element. It is 0 if nothing is observed.
 */
public final class QuantileLoss extends Operation {
    private final Tensor quantiles;
    private final Tensor target;
    private final Tensor mask;
    private final float[] levels;
    private final float[] widths;
    private final int rows;
    private final int n;
    private final float[] slope;
    private double observed;

    private QuantileLoss(Tensor quantiles, Tensor target, Tensor mask, float[] levels, float[] widths) {
        super(quantiles, target, mask);
        requireAxis(quantiles, -2, levels.length, "quantiles");
        n = quantiles.shape().dim(-1);
        rows = quantiles.shape().product(0, quantiles.shape().rank() - 2);
        requireAxis(target, -1, n, "target");
        if (target.shape().size() != rows * n) {
            throw new IllegalArgumentException(
                    "target " + target.shape() + ": expected quantiles " + quantiles.shape() + " without their levels");
        }
        if (mask != null) requireShape(mask, target.shape(), "mask");
        if (target.needsGrad()) throw new IllegalArgumentException("no gradient passes to a target");
        this.quantiles = quantiles;
        this.target = target;
        this.mask = mask;
        this.levels = levels;
        this.widths = widths;
        y = output(Shape.of(1)).keep();
        slope = y.needsGrad() ? new float[quantiles.shape().size()] : null;
    }

    /**
     * The mean loss: {@code QuantileLoss.of([[1], [3]], [4], null, [0.1, 0.9], [0, 0]) = [0.6]}.
     *
     * @param mask 1 = observed, or null for all
     * @param levels the Q quantile levels τ
     * @param widths the Q penalty factors w
     */
    public static Tensor of(Tensor quantiles, Tensor target, Tensor mask, float[] levels, float[] widths) {
        return new QuantileLoss(quantiles, target, mask, levels.clone(), widths.clone()).y;
    }

    @Override
    protected void forward() {
        float[] m = values(mask);
        observed = Math.max(1, m == null ? rows * n : kernels.elementwise().sumOfSquares(m, 0, rows * n));
        y.value()[0] = (float) (kernels.loss()
                .quantiles(slope, quantiles.value(), target.value(), m, levels, widths, rows, n) / observed);
    }

    @Override
    protected void backward() {
        float factor = (float) (y.grad()[0] / observed);
        kernels.elementwise().addScaled(quantiles.addableGrad(), 0, slope, 0, factor, slope.length);
    }
}
