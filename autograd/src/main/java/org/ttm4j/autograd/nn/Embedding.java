package org.ttm4j.autograd.nn;

import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.Lookup;

/** A trained row for each token. Key: {@code weight [vocabulary, width]}. */
public final class Embedding extends Layer {
    private final Parameter weight;

    /** A table of {@code vocabulary} rows of {@code width} features. */
    public Embedding(int vocabulary, int width) {
        weight = parameter("weight", Parameter.Kind.TRAINED, vocabulary, width);
    }

    /** The table, [vocabulary, width]. */
    public Parameter weight() {
        return weight;
    }

    /** The rows of the tokens, [tokens.length, width]; the array is read anew at every run. */
    public Tensor forward(Graph graph, int[] tokens) {
        return shown(Lookup.of(graph, tokens, weight));
    }

    /** The rows that a tensor of whole numbers names, [...] → [..., width]. */
    public Tensor forward(Tensor tokens) {
        return shown(Lookup.of(tokens, weight));
    }
}
