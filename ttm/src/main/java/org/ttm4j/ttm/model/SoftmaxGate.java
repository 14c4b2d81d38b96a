package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.Gate;
import org.ttm4j.autograd.op.LeftGate;

/** x ⊙ softmax(a): weights that sum to 1. */
final class SoftmaxGate extends GatedAttention {
    SoftmaxGate(int n) {
        super(n, n);
    }

    @Override
    Tensor forward(Tensor x, Tensor residual) {
        return shown(Gate.of(x, attnLayer.weight(), attnLayer.bias(), residual));
    }

    @Override
    Tensor forwardLeft(Tensor x, Tensor residual) {
        return shown(LeftGate.of(x, attnLayer.weight(), attnLayer.bias(), residual));
    }
}
