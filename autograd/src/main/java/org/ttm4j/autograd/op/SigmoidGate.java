package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Tensor;

/**
 * A gate that weights each element independently, plus the residual of the block.
 * <pre>
 * p = σ(l) = 1/(1 + e^−l),  y = x ⊙ p + r
 * dr = dy,  dx = dy ⊙ p,  dl = dy ⊙ x ⊙ p ⊙ (1 − p)
 * </pre>
 * x, l, r, y: one shape. In a mixer, x is the output of its MLP, and l a linear map of x. {@link Gating#weights}
 * returns p. {@code SigmoidGate.of([4, 4, 4], [-100, 0, 100], [1, 1, 1]) = [1, 3, 5]}.
 */
public final class SigmoidGate extends Gating {
    private final Tensor logits;
    private final int n;

    private SigmoidGate(Tensor x, Tensor logits, Tensor residual) {
        super(x, logits, residual);
        this.logits = logits;
        requireShape(logits, x.shape(), "logits");
        y = gatedOutput(x.shape()); // records this operation; the values come in forward()
        n = x.shape().size();
        if (p != null) graph.reserveScratch(n);
    }

    /** x ⊙ σ(logits) + residual; the residual may be null. */
    public static Tensor of(Tensor x, Tensor logits, Tensor residual) {
        return new SigmoidGate(x, logits, residual).y;
    }

    @Override
    protected void forward() {
        kernels.activation().sigmoidGate(y.value(), p, x.value(), logits.value(), values(residual), 0, 0, 0, n);
    }

    @Override
    protected void backward() {
        float[] dy = y.grad();
        // If several operations read a tensor, their gradients add up: accumulatesGrad() is false for the first of them
        // in a backward pass, which overwrites. A tensor that depends on no trained parameter has no gradient:
        // needsGrad() is false, and gradOrDiscard() returns unused memory, for a kernel that writes all gradients.
        boolean accumulate = x.needsGrad() && x.accumulatesGrad();
        // The kernel can only overwrite dlogits, so a gradient that must be added is first computed in scratch memory.
        boolean adds = logits.needsGrad() && logits.accumulatesGrad();
        float[] dLogits = adds ? graph.scratch() : logits.gradOrDiscard();
        kernels.activation().sigmoidGateBackward(x.gradOrDiscard(), accumulate, dLogits, dy, x.value(), p, 0, 0, 0, n);
        if (adds) kernels.elementwise().addScaled(logits.grad(), 0, dLogits, 0, 1, n);
        passResidualGrad();
    }
}
