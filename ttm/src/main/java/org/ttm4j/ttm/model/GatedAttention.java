package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.autograd.op.Gate;
import org.ttm4j.autograd.op.GatedLinearUnit;
import org.ttm4j.autograd.op.GroupMeans;
import org.ttm4j.autograd.op.LeftGate;
import org.ttm4j.autograd.op.SigmoidGate;
import org.ttm4j.ttm.config.GateConfig.Mode;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * The gate of a mixer, which weights patches or features by a function of their linear map a = attn_layer(x), and adds
 * the residual. x is the output of the mixer's MLP, the residual the input of the mixer.
 * <pre>
 * softmax         x ⊙ softmax(a): weights that sum to 1
 * sigmoid         x ⊙ σ(a)
 * group_sigmoid   x ⊙ σ(mean of a over a group of neighbours): one weight for each group
 * glu             u ⊙ σ(v) with [u, v] = a, a map to twice the width; x itself is not a factor
 * </pre>
 */
final class GatedAttention extends Layer {
    private final Mode mode;
    private final int groups;
    private final Linear attnLayer;

    /** The configured kind of gate over n features. */
    GatedAttention(TtmConfig config, int n) {
        mode = config.gate().mode();
        groups = mode == Mode.GROUP_SIGMOID ? config.gate().groupsOf(n) : n;
        attnLayer = child("attn_layer", new Linear(n, config.gate().mapWidth(n)));
    }

    /** Applies the gate over the last axis and adds the residual, unless it is null. */
    Tensor forward(Tensor x, Tensor residual) {
        return shown(mode == Mode.SOFTMAX
                ? Gate.of(x, attnLayer.weight(), attnLayer.bias(), residual)
                : gate(x, attnLayer.forward(x), -1, residual));
    }

    /** As {@link #forward}, over the second last axis. */
    Tensor forwardLeft(Tensor x, Tensor residual) {
        return shown(mode == Mode.SOFTMAX
                ? LeftGate.of(x, attnLayer.weight(), attnLayer.bias(), residual)
                : gate(x, attnLayer.forwardLeft(x), -2, residual));
    }

    /** For groups of one element, GroupMeans returns a itself. */
    private Tensor gate(Tensor x, Tensor a, int axis, Tensor residual) {
        return mode == Mode.GLU
                ? GatedLinearUnit.of(a, axis, residual)
                : SigmoidGate.of(x, GroupMeans.of(a, axis, groups), residual);
    }
}
