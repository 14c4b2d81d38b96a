package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.autograd.op.Add;
import org.ttm4j.autograd.op.Concat;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * The small part that fine-tuning adapts to a data set: a linear map to width Dd; optionally the scaled patches, which
 * are added, and static categories as further channels; then a mixer stack, which may mix channels.
 */
public final class Decoder extends Layer {
    private final Linear adapter;
    private final Linear rawEmbedding;
    private final CategoricalEmbedding categorical;
    private final MixerStack mixers;
    private final boolean prefix;

    public Decoder(TtmConfig config) {
        int d = config.decoderDModel();
        int categories = config.categoricalVocabSizeList().size();
        prefix = config.resolutionPrefixTuning();
        adapter = config.dModel() == d ? null : child("adapter", new Linear(config.dModel(), d));
        rawEmbedding = config.decoderRawResidual()
                ? child("decoder_raw_embedding", new Linear(config.patchLength(), d))
                : null;
        categorical = categories == 0
                ? null
                : child("decoder_cat_embedding_layer", new CategoricalEmbedding(config.categoricalVocabSizeList(), d));
        mixers = child("decoder_block", new MixerStack(config,
                new MixerStack.Spec(config.numPatches(), d, config.numInputChannels() + categories,
                        config.decoderNumLayers(), config.decoderAdaptivePatchingLevels(),
                        config.decoderMode() == TtmConfig.Mode.MIX_CHANNEL, config.gatedAttn(), config.headDropout())));
    }

    /** hidden [B, C, P, D], patches [B, C, P₀, patch length], categories [n][B] or null → [B, C, P, Dd]. */
    public Tensor forward(Tensor hidden, Tensor patches, int[][] categories) {
        Tensor x = adapter == null ? hidden : adapter.forward(hidden);
        if (rawEmbedding != null) {
            // The prefix token has no patch: it gets one of zeros.
            Tensor raw = prefix
                    ? Concat.of(2, patches.graph().constant(patches.shape().with(2, 1), 0), patches)
                    : patches;
            x = Add.of(x, rawEmbedding.forward(raw));
        }
        if (categorical == null) return shown(mixers.forward(x));
        int channels = x.shape().dim(1);
        return shown(Select.range(mixers.forward(categorical.forward(x, categories)), 1, 0, channels));
    }
}
