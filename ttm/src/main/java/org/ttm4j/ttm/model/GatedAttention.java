package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.ttm.config.TtmConfig;

/** The gate of a mixer, which weights patches or features by a function of their linear map. */
abstract class GatedAttention extends Layer {
    /** a = attn_layer(x). */
    final Linear attnLayer;

    GatedAttention(int in, int out) {
        attnLayer = child("attn_layer", new Linear(in, out));
    }

    /** The configured kind of gate over n features. */
    static GatedAttention of(TtmConfig config, int n) {
        return switch (config.gate().mode()) {
            case SOFTMAX -> new SoftmaxGate(n);
            case SIGMOID -> new SigmoidGates(n, n);
            case GROUP_SIGMOID -> new SigmoidGates(n, config.gate().groupsOf(n));
            case GLU -> new LinearUnitGate(n);
        };
    }

    /** Applies the gate over the last axis and adds the residual, unless it is null. */
    abstract Tensor forward(Tensor x, Tensor residual);

    /** As {@link #forward}, over the second last axis. */
    abstract Tensor forwardLeft(Tensor x, Tensor residual);
}
