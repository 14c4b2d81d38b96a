package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;

/** y = max(x, 0), elementwise; dx = dy where x > 0, else 0. */
public final class Relu extends Operation {

    private Relu(Tensor x) {
        super(x);
        y = output(x.shape());
    }

    /** max(x, 0): {@code Relu.of([-1, 0, 2]) = [0, 0, 2]}. */
    public static Tensor of(Tensor x) {
        return new Relu(x).y;
    }

    @Override
    protected void forward() {
        kernels.elementwise().relu(y.value(), x.value(), x.shape().size());
    }

    @Override
    protected void backward() {
        kernels.elementwise().reluBackward(x.grad(), x.accumulatesGrad(), y.grad(), x.value(), x.shape().size());
    }
}
