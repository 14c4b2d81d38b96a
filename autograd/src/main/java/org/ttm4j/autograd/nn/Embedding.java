package org.ttm4j.autograd.nn;

import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.Lookup;

/** A table with a trained row for each token. Key: {@code weight [vocabulary, width]}. */
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

    /** The rows of the tokens, [tokens.length, width]; the array is read again in every run. */
    public Tensor forward(Graph graph, int[] tokens) {
        return shown(Lookup.of(graph, tokens, weight));
    }

    /** The rows whose indices a tensor of whole numbers holds, [...] → [..., width]. */
    public Tensor forward(Tensor tokens) {
        return shown(Lookup.of(tokens, weight));
    }
}
