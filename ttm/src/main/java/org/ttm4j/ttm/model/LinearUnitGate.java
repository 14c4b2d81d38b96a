package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.GatedLinearUnit;

/** u ⊙ σ(v) with [u, v] = attn_layer(x), a map to twice the width. x itself is not a factor. */
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
