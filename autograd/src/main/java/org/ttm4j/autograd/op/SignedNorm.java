package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;

/**
 * Combines the deviations of two independent parts from their medians: y = sign(a + b)·√(a² + b² + eps), elementwise,
 * with sign(0) = 0. da = dy·sign(a + b)·a/√(a² + b² + eps), db likewise. a, b, y: one shape.
 */
public final class SignedNorm extends Operation {
    private final Tensor a;
    private final Tensor b;
    private final float eps;
    private final int n;

    private SignedNorm(Tensor a, Tensor b, float eps) {
        super(a, b);
        requireShape(b, a.shape(), "second part");
        this.a = a;
        this.b = b;
        this.eps = eps;
        y = output(a.shape());
        n = a.shape().size();
    }

    /** sign(a + b)·√(a² + b² + eps): {@code SignedNorm.of([3, -3], [4, -4], 0) = [5, -5]}. */
    public static Tensor of(Tensor a, Tensor b, float eps) {
        return new SignedNorm(a, b, eps).y;
    }

    @Override
    protected void forward() {
        kernels.elementwise().signedNorm(y.value(), a.value(), b.value(), eps, n);
    }

    @Override
    protected void backward() {
        pass(a, b);
        pass(b, a);
    }

    private void pass(Tensor to, Tensor other) {
        if (!to.needsGrad()) return;
        kernels.elementwise()
                .signedNormBackward(to.grad(), to.accumulatesGrad(), y.grad(), to.value(), other.value(), eps, n);
    }
}
