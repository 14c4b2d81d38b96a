package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.kernel.NormKernels.RowStatistics;

/**
 * LayerNorm over the last axis.
 * <pre>
 * x̂ = (x − mean)/√(var + eps),  y = x̂ ⊙ gain + bias
 * g = dy ⊙ gain,  dx = (g − mean(g) − x̂·mean(g ⊙ x̂))/√(var + eps),  dgain = Σ rows dy ⊙ x̂,  dbias = Σ rows dy
 * </pre>
 * x, y: [..., d]; gain, bias: [d]. Source: arXiv:1607.06450.
 */
public final class LayerNormalization extends Operation {
    private final Tensor gain;
    private final Tensor bias;
    private final float eps;
    private final int rows;
    private final int d;
    /** The row statistics, kept for backward; null at inference. */
    private final RowStatistics statistics;

    private LayerNormalization(Tensor x, Parameter gain, Parameter bias, float eps) {
        super(x);
        this.gain = graph.leaf(gain);
        this.bias = graph.leaf(bias);
        this.eps = eps;
        d = gain.shape().size();
        requireAxis(x, -1, d, "LayerNorm input");
        y = output(x.shape(), this.gain, this.bias);
        rows = x.shape().size() / d;
        statistics = y.needsGrad() ? new RowStatistics(new float[rows], new float[rows]) : null;
    }

    /** LayerNorm of x over its last axis: {@code LayerNormalization.of([[1, 3]], [1, 10], [0, 5], 0) = [[-1, 15]]}. */
    public static Tensor of(Tensor x, Parameter gain, Parameter bias, float eps) {
        return new LayerNormalization(x, gain, bias, eps).y;
    }

    @Override
    protected void forward() {
        kernels.norm().layerNorm(y.value(), statistics, x.value(), gain.value(), bias.value(), rows, d, eps);
    }

    @Override
    protected void backward() {
        boolean accumulate = x.needsGrad() && x.accumulatesGrad();
        kernels.norm()
                .layerNormBackward(x.gradOrDiscard(), accumulate, gain.gradOrDiscard(), bias.gradOrDiscard(), y.grad(),
                        x.value(), statistics, gain.value(), rows, d);
    }
}
