package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.ttm.config.TtmConfig;

/** The gate of a mixer, which lets a block favour important patches or features by a linear map of them. */
abstract class GatedAttention extends Layer {
    /** a = attn_layer(x). */
    final Linear attnLayer;

    GatedAttention(int in, int out) {
        attnLayer = child("attn_layer", new Linear(in, out));
    }

    /** The gate over n features that the configuration asks for. */
    static GatedAttention of(TtmConfig config, int n) {
        return switch (config.gate().mode()) {
            case SOFTMAX -> new SoftmaxGate(n);
            case SIGMOID -> new SigmoidGates(n, n);
            case GROUP_SIGMOID -> new SigmoidGates(n, config.gate().groupsOf(n));
            case GLU -> new LinearUnitGate(n);
        };
    }

    /** Over the last axis, −1; the residual, unless null, is added in the same pass. */
    abstract Tensor forward(Tensor x, Tensor residual);

    /** Over the second last axis, −2. */
    abstract Tensor forwardLeft(Tensor x, Tensor residual);
}
