package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;

/** y = ln(1 + eˣ) + shift, elementwise, which is always greater than the shift. dx = dy ⊙ σ(x). */
public final class Softplus extends Operation {
    private final float shift;
    /** σ(x); backward overwrites it with dx. */
    private final float[] slope;

    private Softplus(Tensor x, float shift) {
        super(x);
        this.shift = shift;
        y = output(x.shape());
        slope = y.needsGrad() ? new float[x.shape().size()] : null;
    }

    /** ln(1 + eˣ) + shift: {@code Softplus.of([-100, 0, 100], 0) = [0, 0.693, 100]}. */
    public static Tensor of(Tensor x, float shift) {
        return new Softplus(x, shift).y;
    }

    @Override
    protected void forward() {
        kernels.activation().softplus(y.value(), slope, x.value(), shift, x.shape().size());
    }

    @Override
    protected void backward() {
        kernels.elementwise().multiply(slope, 0, slope, 0, y.grad(), 0, x.shape().size(), false);
        Add.passGrad(x, slope);
    }
}
