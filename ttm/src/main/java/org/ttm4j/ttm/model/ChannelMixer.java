package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.op.Add;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TtmConfig;

/** Mixes channels, for every patch and feature: x + mlp(gate(norm(x))) along C. Only here the gate comes first. */
final class ChannelMixer extends Layer {
    private final NormLayer norm;
    private final GatedAttention gate;
    private final Mlp mlp;

    ChannelMixer(TtmConfig config, int channels, int d, boolean gated, double dropout) {
        norm = child("norm", new NormLayer(config, d));
        gate = gated ? child("gating_block", new GatedAttention(config, channels)) : null;
        mlp = child("mlp", new Mlp(channels, config.expansionFactor(), dropout));
    }

    Tensor forward(Tensor x) {
        Shape s = x.shape();
        // [B, C, P·D]: channels are the second last axis, so this is a product from the left too.
        Tensor normed = norm.forward(x).reshape(s.dim(0), s.dim(1), s.dim(2) * s.dim(3));
        Tensor gated = gate == null ? normed : gate.forwardLeft(normed, null);
        return shown(Add.of(mlp.forwardLeft(gated).reshape(s.toArray()), x));
    }
}
