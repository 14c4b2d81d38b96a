package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.autograd.op.Attention;

/** Multi-head self-attention over patches, for each channel separately: [B, C, P, D] → [B, C, P, D]. */
final class SelfAttention extends Layer {
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear out;
    private final int heads;

    SelfAttention(int d, int heads) {
        query = child("q_proj", new Linear(d, d));
        key = child("k_proj", new Linear(d, d));
        value = child("v_proj", new Linear(d, d));
        out = child("out_proj", new Linear(d, d));
        this.heads = heads;
    }

    Tensor forward(Tensor x) {
        return shown(out.forward(Attention.of(query.forward(x), key.forward(x), value.forward(x), heads)));
    }
}
