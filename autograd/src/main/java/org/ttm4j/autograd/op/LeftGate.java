package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;

/**
 * Gated attention over the second last axis, plus the residual of the block: {@link Gate} for mixing over patches (or
 * channels), computed by products from the left and a softmax down each column.
 * <pre>
 * p = softmax(W·x + b),  y = x ⊙ p + r
 * dr = dy,  dp = dy ⊙ x,  dl = p ⊙ (dp − Σ dp·p),  dx = dy ⊙ p + Wᵀ·dl,  dW = Σ blocks dl·xᵀ,  db = Σ blocks, columns dl
 * </pre>
 * x, y, r: [..., n, d]; W: [n, n]; b: [n].
 * {@code LeftGate.of([[1], [2]], [[1, 0], [0, 1]], [0, 0], null) = [[0.269], [1.462]]}.
 */
public final class LeftGate extends Gating {
    private final Tensor weight;
    private final Tensor bias;
    private final int blocks;
    private final int n;
    private final int d;

    private LeftGate(Tensor x, Parameter weight, Parameter bias, Tensor residual) {
        super(x, null, residual);
        n = features(weight);
        requireAxis(x, -2, n, "gate input");
        d = x.shape().dim(-1);
        this.weight = graph.leaf(weight);
        this.bias = graph.leaf(bias);
        y = gatedOutput(x.shape(), this.weight, this.bias);
        blocks = x.shape().product(0, x.shape().rank() - 2);
        if (p != null) graph.reserveScratch(p.length);
    }

    /** x ⊙ softmax(W·x + b) + residual, the softmax down each column; the residual may be null. */
    public static Tensor of(Tensor x, Parameter weight, Parameter bias, Tensor residual) {
        return new LeftGate(x, weight, bias, residual).y;
    }

    @Override
    public long productFlops() {
        return 2L * blocks * n * n * d;
    }

    @Override
    protected void forward() {
        float[] w = weight.value();
        float[] b = bias.value();
        if (p == null) {
            kernels.matMul().multiplyLeftGate(y.value(), w, b, x.value(), values(residual), blocks, n, d);
        } else {
            kernels.matMul().multiplyLeft(p, w, false, b, x.value(), blocks, n, n, d, false);
            kernels.activation().gateLeft(y.value(), p, x.value(), p, values(residual), blocks, n, d);
        }
    }

    @Override
    protected void backward() {
        float[] dy = y.grad();
        float[] dLogits = graph.scratch();
        float[] dx = x.gradOrDiscard();
        boolean accumulate = x.needsGrad() && x.accumulatesGrad();
        kernels.activation().gateLeftBackward(dx, accumulate, dLogits, dy, x.value(), p, blocks, n, d);
        if (weight.needsGrad()) {
            kernels.matMul().addLeftTransposedProduct(weight.grad(), dLogits, x.value(), blocks, n, n, d);
        }
        if (bias.needsGrad()) kernels.elementwise().addRowSums(bias.grad(), 0, dLogits, 0, blocks, n, d);
        if (x.needsGrad()) {
            kernels.matMul().multiplyLeft(dx, weight.value(), true, null, dLogits, blocks, n, n, d, true);
        }
        passResidualGrad();
    }
}
