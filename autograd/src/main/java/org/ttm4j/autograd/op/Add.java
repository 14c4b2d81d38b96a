package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;

/** y = a + b, elementwise: da = dy, db = dy. a, b, y: one shape. */
public final class Add extends Operation {
    private final Tensor a;
    private final Tensor b;

    private Add(Tensor a, Tensor b) {
        super(a, b);
        requireShape(b, a.shape(), "second term");
        this.a = a;
        this.b = b;
        y = output(a.shape());
    }

    /** a + b; both of one shape: {@code Add.of([1, 2], [10, 20]) = [11, 22]}. */
    public static Tensor of(Tensor a, Tensor b) {
        return new Add(a, b).y;
    }

    @Override
    protected Tensor overwritesGradient() {
        return a;
    }

    @Override
    protected void forward() {
        kernels.elementwise().add(y.value(), 0, a.value(), 0, b.value(), 0, y.shape().size());
    }

    @Override
    protected void backward() {
        passGrad(a, y.grad());
        passGrad(b, y.grad());
    }

    /** Passes dx = dy to a term of a sum. Copies nothing if dx and dy are the same array. */
    static void passGrad(Tensor x, float[] dy) {
        if (!x.needsGrad()) return;
        int n = x.shape().size();
        boolean accumulate = x.accumulatesGrad();
        if (x.grad() == dy) return;
        x.graph().kernels().elementwise().copyBlocks(x.grad(), 0, n, dy, 0, n, 1, n, accumulate);
    }
}
