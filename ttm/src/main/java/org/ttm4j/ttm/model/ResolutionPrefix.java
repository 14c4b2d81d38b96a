package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Embedding;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.autograd.op.Concat;
import org.ttm4j.autograd.op.Expand;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * A prefix token that tells the model the sampling resolution: one learned token per resolution, put before the patches
 * of every channel. Embedding(vocabulary, patch length), Linear to (patch length + D)/2, GELU, Linear to D.
 */
final class ResolutionPrefix extends Layer {
    private final Embedding embedding;
    private final Linear hidden;
    private final Linear out;

    ResolutionPrefix(TtmConfig config) {
        embedding = child("0", new Embedding(config.frequencyTokenVocabSize(), config.patchLength()));
        hidden = child("1", new Linear(config.patchLength(), config.prefixHiddenSize()));
        out = child("3", new Linear(config.prefixHiddenSize(), config.dModel()));
    }

    /** patches [B, C, P₀, D], the resolution token of each sample → [B, C, 1 + P₀, D]. */
    Tensor forward(Tensor patches, int[] resolutions) {
        int batch = patches.shape().dim(0);
        Tensor token = out.forward(hidden.forwardGelu(embedding.forward(patches.graph(), resolutions)));
        token = Expand.of(token.reshape(batch, 1, 1, patches.shape().dim(-1)), 1, patches.shape().dim(1));
        return shown(Concat.of(2, token, patches));
    }
}
