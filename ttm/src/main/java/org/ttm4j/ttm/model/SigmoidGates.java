package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.GroupMeans;
import org.ttm4j.autograd.op.SigmoidGate;

/**
 * x ⊙ σ(mean of a over a group of neighbours) with a = attn_layer(x): one weight for each group. For groups of one
 * element, GroupMeans returns a itself. x is the output of the mixer's MLP, the residual the input of the mixer.
 */
final class SigmoidGates extends GatedAttention {
    private final int groups;

    SigmoidGates(int n, int groups) {
        super(n, n);
        this.groups = groups;
    }

    @Override
    Tensor forward(Tensor x, Tensor residual) {
        return shown(SigmoidGate.of(x, GroupMeans.of(attnLayer.forward(x), -1, groups), residual));
    }

    @Override
    Tensor forwardLeft(Tensor x, Tensor residual) {
        return shown(SigmoidGate.of(x, GroupMeans.of(attnLayer.forwardLeft(x), -2, groups), residual));
    }
}
