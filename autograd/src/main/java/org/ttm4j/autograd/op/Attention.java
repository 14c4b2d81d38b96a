package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.kernel.AttentionKernels.Sizes;

/**
 * Scaled dot-product attention over the second last axis, per head: p = softmax(q·kᵀ/√headDim), y = p·v; head h owns
 * features h·headDim … (h+1)·headDim − 1.
 * <pre>
 * dv = pᵀ·dy,  dp = dy·vᵀ,  ds = p ⊙ (dp − Σ dp·p)/√headDim,  dq = ds·k,  dk = dsᵀ·q
 * </pre>
 * q, k, v, y: [..., n, d]. Source: arXiv:1706.03762.
 * {@code Attention.of([[1], [0]], [[0], [1]], [[0], [1]], 1) = [[0.731], [0.5]]}.
 */
public final class Attention extends Operation {
    private final Tensor q;
    private final Tensor k;
    private final Tensor v;
    private final Sizes sizes;
    private final float[] p;

    private Attention(Tensor q, Tensor k, Tensor v, int heads) {
        super(q, k, v);
        requireShape(k, q.shape(), "keys");
        requireShape(v, q.shape(), "values");
        this.q = q;
        this.k = k;
        this.v = v;
        int n = q.shape().dim(-2);
        int d = q.shape().dim(-1);
        if (heads < 1 || d % heads != 0) {
            throw new IllegalArgumentException(d + " features cannot be shared by " + heads + " heads");
        }
        y = output(q.shape());
        int batch = q.shape().product(0, q.shape().rank() - 2);
        sizes = new Sizes(batch, n, d, heads);
        p = y.needsGrad() ? new float[batch * heads * n * n] : null;
        graph.reserveScratch(batch * heads * n * n);
    }

    /** Attention of q to k and v; all of one shape, and the heads must divide its last dimension. */
    public static Tensor of(Tensor q, Tensor k, Tensor v, int heads) {
        return new Attention(q, k, v, heads).y;
    }

    @Override
    protected void forward() {
        float[] weights = p != null ? p : graph.scratch();
        kernels.attention().attention(y.value(), weights, q.value(), k.value(), v.value(), sizes);
    }

    @Override
    protected void backward() {
        kernels.attention()
                .attentionBackward(addable(q), addable(k), addable(v), graph.scratch(), y.grad(), p, q.value(),
                        k.value(), v.value(), sizes);
    }

    private static float[] addable(Tensor x) {
        return x.needsGrad() ? x.addableGrad() : x.gradOrDiscard();
    }
}
