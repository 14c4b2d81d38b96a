package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;
import org.ttm4j.engine.kernel.LossKernels;

/**
 * The mean over the observed entries of a loss of e = target − output; doutput is the derivative of the loss divided by
 * the number of observed entries. output, target, mask: one shape; the result has one element, which is 0 if nothing is
 * observed.
 */
public final class PointwiseLoss extends Operation {
    /** A loss of one entry, as {@link LossKernels} defines it. */
    @FunctionalInterface
    public interface Function {
        /** The sum of the losses; unless slope is null, overwrites it with their derivatives. */
        double sum(LossKernels kernels, float[] slope, float[] output, float[] target, float[] mask, int n);

        /** e², the mean squared error. */
        static Function mse() {
            return LossKernels::mse;
        }

        /** |e|, the mean absolute error. */
        static Function mae() {
            return LossKernels::mae;
        }

        /** max(q·e, (q − 1)·e), the pinball loss of a quantile. */
        static Function pinball(float quantile) {
            return (kernels, slope, output, target, mask, n) -> kernels.pinball(slope, output, target, mask, n,
                    quantile);
        }

        /** e²/2 where |e| ≤ δ, else δ·(|e| − δ/2). */
        static Function huber(float delta) {
            return (kernels, slope, output, target, mask, n) -> kernels.huber(slope, output, target, mask, n, delta);
        }
    }

    private final Function function;
    private final Tensor output;
    private final Tensor target;
    private final Tensor mask;
    private final int n;
    private final float[] slope;
    private double observed;

    private PointwiseLoss(Function function, Tensor output, Tensor target, Tensor mask) {
        super(output, target, mask);
        requireShape(target, output.shape(), "target");
        if (mask != null) requireShape(mask, output.shape(), "mask");
        if (target.needsGrad()) throw new IllegalArgumentException("no gradient passes to a target");
        this.function = function;
        this.output = output;
        this.target = target;
        this.mask = mask;
        n = output.shape().size();
        y = output(Shape.of(1)).keep();
        slope = y.needsGrad() ? new float[n] : null;
    }

    /** The mean loss; mask: 1 = observed, or null for all: {@code PointwiseLoss.of(mse(), [1, 2], [1, 4], null) = [2]}. */
    public static Tensor of(Function function, Tensor output, Tensor target, Tensor mask) {
        return new PointwiseLoss(function, output, target, mask).y;
    }

    @Override
    protected void forward() {
        float[] m = values(mask);
        observed = Math.max(1, m == null ? n : kernels.elementwise().sumOfSquares(m, 0, n));
        y.value()[0] = (float) (function.sum(kernels.loss(), slope, output.value(), target.value(), m, n) / observed);
    }

    @Override
    protected void backward() {
        float factor = (float) (y.grad()[0] / observed);
        kernels.elementwise().addScaled(output.addableGrad(), 0, slope, 0, factor, n);
    }
}
