package org.ttm4j.ttm.model;

import java.util.ArrayList;
import java.util.List;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Embedding;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.op.Concat;
import org.ttm4j.autograd.op.Expand;

/** Adds static categories as further channels: each is embedded and repeated over the patches. */
final class CategoricalEmbedding extends Layer {
    private final List<Embedding> embeddings = new ArrayList<>();

    CategoricalEmbedding(List<Integer> vocabularies, int d) {
        for (int i = 0; i < vocabularies.size(); i++) {
            embeddings.add(child("embedding_layers." + i, new Embedding(vocabularies.get(i), d)));
        }
    }

    /** x [B, C, P, D], categories [n][B] → [B, C + n, P, D]. */
    Tensor forward(Tensor x, int[][] categories) {
        int batch = x.shape().dim(0);
        Tensor[] channels = new Tensor[embeddings.size() + 1];
        channels[0] = x;
        for (int i = 0; i < embeddings.size(); i++) {
            Tensor row = embeddings.get(i).forward(x.graph(), categories[i]);
            channels[i + 1] = Expand.of(row.reshape(batch, 1, 1, x.shape().dim(-1)), 2, x.shape().dim(2));
        }
        return shown(Concat.of(1, channels));
    }
}
