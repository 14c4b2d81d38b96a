package org.ttm4j.ttm.model;

import java.util.function.UnaryOperator;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.LayerNorm;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TokenConfig;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * The backbone: embeds patches, puts further tokens before them, adds positions, normalises all tokens of a series
 * together, and applies the mixer stack; most of these parts are optional. The tokens are
 * [frequencies][registers][resolution prefix][coarse … fine patches].
 */
public final class Encoder extends Layer {
    private final int contextLength;
    private final UnaryOperator<Tensor> patcher;
    private final ResolutionPrefix prefix;
    private final RegisterTokens registers;
    private final FrequencyTokens frequencies;
    private final PositionalEncoding positions;
    private final LayerNorm baseNorm;
    private final MixerStack mixers;

    public Encoder(TtmConfig config) {
        TokenConfig tokens = config.tokens();
        int d = config.dModel();
        contextLength = config.contextLength();
        patcher = tokens.multiScale()
                ? child("patcher", new MultiScalePatches(config))::forward
                : child("patcher", new Linear(config.patchLength(), d))::forward;
        prefix = config.resolutionPrefixTuning() ? child("freq_mod", new ResolutionPrefix(config)) : null;
        registers = tokens.registerTokens() > 0
                ? child("add_tokens", new RegisterTokens(tokens.registerTokens(), d))
                : null;
        frequencies = tokens.fftLength() > 0 ? child("add_fft_tokens", new FrequencyTokens(config)) : null;
        positions = config.usePositionalEncoding()
                ? child("positional_encoder",
                        new PositionalEncoding(config.positionalEncodingType(), config.numPatches(), d))
                : null;
        baseNorm = tokens.baseNorm()
                ? child("base_norm", new LayerNorm(config.numPatches() * d, (float) config.normEps()))
                : null;
        mixers = child("mlp_mixer_encoder",
                new MixerStack(config,
                        new MixerStack.Spec(config.numPatches(), d, config.numInputChannels(), config.numLayers(),
                                config.adaptivePatchingLevels(), config.mode() == TtmConfig.Mode.MIX_CHANNEL,
                                config.gatedAttn(), config.dropout())));
    }

    /**
     * The result of the backbone.
     *
     * @param hidden [B, C, P, D]
     * @param tokens [B, C, P, D], the input of the mixers; null if the backbone did not run
     * @param frequencies [B, C, k], the bins of the strongest frequencies; null without frequency tokens
     */
    public record Encoded(Tensor hidden, Tensor tokens, Tensor frequencies) {}

    /**
     * Records the backbone.
     *
     * @param patches [B, C, P₀, patch length]
     * @param series [B, C, L or more], the series that the patches were cut from
     * @param resolutions the resolution token of each sample, or null
     */
    Encoded forward(Tensor patches, Tensor series, int[] resolutions) {
        Tensor x = patcher.apply(patches);
        if (prefix != null) x = prefix.forward(x, resolutions);
        if (registers != null) x = registers.forward(x);
        Tensor strongest = frequencies == null
                ? null
                : frequencies.strongest(Select.range(series, 2, 0, contextLength)); // [B, C, k]
        if (frequencies != null) x = frequencies.forward(x, strongest);
        if (positions != null) x = positions.forward(x);
        if (baseNorm != null) {
            // All P·D numbers of a series are normalised together.
            Shape s = x.shape();
            x = baseNorm.forward(x.reshape(s.dim(0), s.dim(1), s.dim(2) * s.dim(3))).reshape(s.toArray());
        }
        return new Encoded(shown(mixers.forward(shown("tokens", x))), x, strongest);
    }
}
