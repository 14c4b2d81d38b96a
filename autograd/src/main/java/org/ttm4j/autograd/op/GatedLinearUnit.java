package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/**
 * The gated linear unit, plus the residual of the block: the second half of an axis gates the first half.
 * <pre>
 * [u, v] = x,  p = σ(v),  y = u ⊙ p + r
 * dr = dy,  du = dy ⊙ p,  dv = dy ⊙ u ⊙ p ⊙ (1 − p)
 * </pre>
 * x: 2n along the axis; y, r: n. Source: Dauphin et al. 2017, arXiv:1612.08083.
 * {@code GatedLinearUnit.of([6, 2, 0, 100], 0, null) = [3, 2]}.
 */
public final class GatedLinearUnit extends Gating {
    private final int blocks;
    /** The number of elements of u in a block, and of v. */
    private final int half;

    private GatedLinearUnit(Tensor x, int axis, Tensor residual) {
        super(x, null, residual);
        Shape shape = x.shape();
        int at = shape.index(axis);
        if (shape.dim(at) % 2 != 0) {
            throw new IllegalArgumentException(
                    "gated linear unit input " + shape + ": expected an even number in dimension " + axis);
        }
        Shape halves = shape.with(at, shape.dim(at) / 2);
        y = gatedOutput(halves);
        blocks = shape.product(0, at);
        half = halves.product(at, shape.rank());
        if (p != null) graph.reserveScratch(shape.size());
    }

    /** The first half of an axis ⊙ σ(the second) + residual; the residual may be null. */
    public static Tensor of(Tensor x, int axis, Tensor residual) {
        return new GatedLinearUnit(x, axis, residual).y;
    }

    @Override
    protected void forward() {
        for (int i = 0; i < blocks; i++) {
            int u = 2 * i * half;
            int to = i * half;
            kernels.activation()
                    .sigmoidGate(y.value(), p, x.value(), x.value(), values(residual), to, u, u + half, half);
        }
    }

    @Override
    protected void backward() {
        if (x.needsGrad()) {
            float[] dx = graph.scratch();
            for (int i = 0; i < blocks; i++) {
                int u = 2 * i * half;
                int from = i * half;
                kernels.activation()
                        .sigmoidGateBackward(dx, false, dx, y.grad(), x.value(), p, from, u, u + half, half);
            }
            Add.passGrad(x, dx);
        }
        passResidualGrad();
    }
}
