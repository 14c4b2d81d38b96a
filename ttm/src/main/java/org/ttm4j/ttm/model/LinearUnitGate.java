package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.GatedLinearUnit;

/** u ⊙ σ(v) with [u, v] = a, a map to twice the width: x itself no longer appears. */
final class LinearUnitGate extends GatedAttention {
    LinearUnitGate(int n) {
        super(n, 2 * n);
    }

    @Override
    Tensor forward(Tensor x, Tensor residual) {
        return shown(GatedLinearUnit.of(attnLayer.forward(x), -1, residual));
    }

    @Override
    Tensor forwardLeft(Tensor x, Tensor residual) {
        return shown(GatedLinearUnit.of(attnLayer.forwardLeft(x), -2, residual));
    }
}
