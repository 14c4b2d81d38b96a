package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.autograd.op.Dropout;

/** fc1 (n → E·n), GELU, dropout, fc2 (E·n → n), dropout. */
final class Mlp extends Layer {
    private final Linear fc1;
    private final Linear fc2;
    private final float dropout;

    Mlp(int n, int expansion, double dropout) {
        fc1 = child("fc1", new Linear(n, n * expansion));
        fc2 = child("fc2", new Linear(n * expansion, n));
        this.dropout = (float) dropout;
    }

    /** The MLP over the last axis. */
    Tensor forward(Tensor x) {
        return drop(fc2.forward(drop(fc1.forwardGelu(x))));
    }

    /** The MLP over the second last axis. */
    Tensor forwardLeft(Tensor x) {
        return drop(fc2.forwardLeft(drop(fc1.forwardLeftGelu(x))));
    }

    private Tensor drop(Tensor x) {
        return Dropout.of(x, dropout);
    }
}
