package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.autograd.op.Gate;
import org.ttm4j.autograd.op.LeftGate;

/** The gate of a mixer: x ⊙ softmax(attn_layer(x)), which lets a block favour important patches or features. */
final class GatedAttention extends Layer {
    private final Linear attention;

    GatedAttention(int n) {
        attention = child("attn_layer", new Linear(n, n));
    }

    /** Over the last axis; the residual, unless null, is added in the same pass. */
    Tensor forward(Tensor x, Tensor residual) {
        return Gate.of(x, attention.weight(), attention.bias(), residual);
    }

    /** Over the second last axis. */
    Tensor forwardLeft(Tensor x, Tensor residual) {
        return LeftGate.of(x, attention.weight(), attention.bias(), residual);
    }
}
