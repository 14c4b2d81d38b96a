package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.op.Add;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * Mixes patches, for every channel and feature: x + gate(mlp(norm(x))) along P, by products from the left. With
 * self-attention: x + norm_attn(gate(mlp(norm(x))) + attention(norm(x))).
 */
final class PatchMixer extends Layer {
    private final NormLayer norm;
    private final Mlp mlp;
    private final GatedAttention gate;
    private final SelfAttention attention;
    private final NormLayer attentionNorm;

    PatchMixer(TtmConfig config, int patches, int d, boolean gated, double dropout) {
        norm = child("norm", new NormLayer(config, d));
        mlp = child("mlp", new Mlp(patches, config.expansionFactor(), dropout));
        gate = gated ? child("gating_block", new GatedAttention(config, patches)) : null;
        attention = config.selfAttn() ? child("self_attn_layer", new SelfAttention(d, config.selfAttnHeads())) : null;
        attentionNorm = config.selfAttn() ? child("norm_attn", new NormLayer(config, d)) : null;
    }

    Tensor forward(Tensor x) {
        Tensor normed = norm.forward(x);
        Tensor mixed = mlp.forwardLeft(normed);
        if (attention == null) return shown(gate == null ? Add.of(mixed, x) : gate.forwardLeft(mixed, x));
        Tensor gated = gate == null ? mixed : gate.forwardLeft(mixed, null);
        return shown(Add.of(attentionNorm.forward(Add.of(gated, attention.forward(normed))), x));
    }
}
