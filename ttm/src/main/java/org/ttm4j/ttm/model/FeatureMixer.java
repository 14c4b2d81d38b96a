package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.op.Add;
import org.ttm4j.ttm.config.TtmConfig;

/** Mixes the features of every patch: x + gate(mlp(norm(x))) along D. */
final class FeatureMixer extends Layer {
    private final NormLayer norm;
    private final Mlp mlp;
    private final GatedAttention gate;

    FeatureMixer(TtmConfig config, int d, boolean gated, double dropout) {
        norm = child("norm", new NormLayer(config, d));
        mlp = child("mlp", new Mlp(d, config.expansionFactor(), dropout));
        gate = gated ? child("gating_block", new GatedAttention(config, d)) : null;
    }

    Tensor forward(Tensor x) {
        Tensor mixed = mlp.forward(norm.forward(x));
        return shown(gate == null ? Add.of(mixed, x) : gate.forward(mixed, x));
    }
}
