package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Embedding;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.autograd.op.Concat;
import org.ttm4j.autograd.op.Relu;
import org.ttm4j.autograd.op.ScaleRows;
import org.ttm4j.autograd.op.StrongestFrequencies;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TokenConfig;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * Tokens for the k frequencies with the largest magnitudes in each series, strongest first, which tell the model its
 * seasonality. A frequency is represented only by its bin b, through an embedding or an MLP of b/F; with
 * {@code get_one_freq_emb} all frequencies form one token.
 */
final class FrequencyTokens extends Layer {
    private final TtmConfig config;
    private final int width;
    private final Embedding embedding;
    private final Linear hidden;
    private final Linear out;
    private final Linear join;

    FrequencyTokens(TtmConfig config) {
        this.config = config;
        TokenConfig tokens = config.tokens();
        width = tokens.frequencyWidth(config);
        boolean embeds = tokens.useFftEmbedding();
        embedding = embeds ? child("freq_embedding", new Embedding(TokenConfig.frequencies(config), width)) : null;
        hidden = embeds ? null : child("freq_index_mlp.0", new Linear(1, width));
        out = embeds ? null : child("freq_index_mlp.2", new Linear(width, width));
        join = tokens.getOneFreqEmb()
                ? child("freq_concat_proj", new Linear(tokens.frequencyCount(config) * width, config.dModel()))
                : null;
    }

    /** The bins of the strongest frequencies of a scaled context, [B, C, L] → [B, C, k]. */
    Tensor strongest(Tensor series) {
        TokenConfig tokens = config.tokens();
        return shown("frequencies",
                StrongestFrequencies.of(series, tokens.frequencyCount(config), tokens.fftIgnoreDc()));
    }

    /** x [B, C, P, D] and {@link #strongest} frequencies [B, C, k] → [B, C, k + P, D], or 1 + P with one token. */
    Tensor forward(Tensor x, Tensor frequencies) {
        Shape s = frequencies.shape();
        Tensor vectors = embedding != null ? embedding.forward(frequencies) : mlp(frequencies); // [B, C, k, width]
        if (join != null) {
            Tensor joined = vectors.reshape(s.dim(0), s.dim(1), 1, s.dim(2) * width);
            vectors = join.forward(joined); // [B, C, 1, D]
        }
        return shown(Concat.of(2, vectors, x));
    }

    private Tensor mlp(Tensor frequencies) {
        Shape s = frequencies.shape();
        Shape leading = Shape.of(s.dim(0), s.dim(1));
        Tensor scale = frequencies.graph().constant(leading, 1f / TokenConfig.frequencies(config));
        Tensor share = ScaleRows.of(frequencies, scale, frequencies.graph().constant(leading, 0)); // b / F
        Tensor column = share.reshape(s.dim(0), s.dim(1), s.dim(2), 1);
        return out.forward(Relu.of(hidden.forward(column)));
    }
}
