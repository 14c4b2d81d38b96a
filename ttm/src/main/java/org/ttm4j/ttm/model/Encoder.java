package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.ttm.config.TtmConfig;

/** The backbone: patches to features, the resolution prefix in front, positions, then the mixer stack. */
public final class Encoder extends Layer {
    private final Linear patcher;
    private final ResolutionPrefix prefix;
    private final PositionalEncoding positions;
    private final MixerStack mixers;

    public Encoder(TtmConfig config) {
        patcher = child("patcher", new Linear(config.patchLength(), config.dModel()));
        prefix = config.resolutionPrefixTuning() ? child("freq_mod", new ResolutionPrefix(config)) : null;
        positions = config.usePositionalEncoding()
                ? child("positional_encoder",
                        new PositionalEncoding(config.positionalEncodingType(), config.numPatches(), config.dModel()))
                : null;
        mixers = child("mlp_mixer_encoder",
                new MixerStack(config,
                        new MixerStack.Spec(config.numPatches(), config.dModel(), config.numInputChannels(),
                                config.numLayers(), config.adaptivePatchingLevels(),
                                config.mode() == TtmConfig.Mode.MIX_CHANNEL, config.gatedAttn(), config.dropout())));
    }

    /** patches [B, C, P₀, patch length], a resolution token a sample (or null) → [B, C, P, D]. */
    public Tensor forward(Tensor patches, int[] tokens) {
        Tensor x = patcher.forward(patches);
        if (prefix != null) x = prefix.forward(x, tokens);
        if (positions != null) x = positions.forward(x);
        return mixers.forward(x);
    }
}
