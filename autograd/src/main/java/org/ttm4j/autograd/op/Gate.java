package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;

/**
 * Gated attention over the last axis, plus the residual of the block: x is weighted by the softmax of a linear map of
 * x.
 * <pre>
 * p = softmax(x·Wᵀ + b),  y = x ⊙ p + r
 * dr = dy,  dp = dy ⊙ x,  dl = p ⊙ (dp − Σ dp·p),  dx = dy ⊙ p + dl·W,  dW = dlᵀ·x,  db = Σ rows dl
 * </pre>
 * x, y, r: [..., n]; W: [n, n]; b: [n]. Source: TTM, arXiv:2401.03955, appendix (gated attention of TSMixer,
 * arXiv:2306.09364). {@code Gate.of([[1, 2]], [[1, 0], [0, 1]], [0, 0], null) = [[0.269, 1.462]]}.
 */
public final class Gate extends Gating {
    private final Parameter weight;
    private final Tensor dWeight;
    private final Tensor bias;
    private final int rows;
    private final int n;

    private Gate(Tensor x, Parameter weight, Parameter bias, Tensor residual) {
        super(x, null, residual);
        this.weight = weight;
        n = features(weight);
        requireAxis(x, -1, n, "gate input");
        dWeight = graph.leaf(weight);
        this.bias = graph.leaf(bias);
        y = gatedOutput(x.shape(), dWeight, this.bias);
        rows = x.shape().size() / n;
        graph.reserveScratch(rows * n);
    }

    /** x ⊙ softmax(x·Wᵀ + b) + residual; the residual may be null. */
    public static Tensor of(Tensor x, Parameter weight, Parameter bias, Tensor residual) {
        return new Gate(x, weight, bias, residual).y;
    }

    @Override
    public long productFlops() {
        return 2L * rows * n * n;
    }

    @Override
    protected void forward() {
        float[] logits = p != null ? p : graph.scratch();
        float[] packed = weight.packedTransposed(kernels.matMul());
        kernels.matMul().multiply(logits, x.value(), packed, bias.value(), rows, n, n, false);
        kernels.activation().gate(y.value(), p, x.value(), logits, values(residual), rows, n);
    }

    @Override
    protected void backward() {
        float[] dy = y.grad();
        float[] dLogits = graph.scratch();
        float[] dx = x.gradOrDiscard();
        boolean accumulate = x.needsGrad() && x.accumulatesGrad();
        kernels.activation().gateBackward(dx, accumulate, dLogits, dy, x.value(), p, rows, n);
        if (dWeight.needsGrad()) {
            kernels.matMul().addTransposedProduct(dWeight.grad(), dLogits, x.value(), rows, n, n);
        }
        if (bias.needsGrad()) kernels.elementwise().addColumnSums(bias.grad(), 0, dLogits, 0, rows, n);
        if (x.needsGrad()) {
            kernels.matMul().multiply(dx, dLogits, weight.packed(kernels.matMul()), null, rows, n, n, true);
        }
        passResidualGrad();
    }
}
