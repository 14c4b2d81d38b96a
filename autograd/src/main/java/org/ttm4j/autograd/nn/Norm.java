package org.ttm4j.autograd.nn;

import org.ttm4j.autograd.Tensor;

/** A normalisation over the last axis. */
public abstract class Norm extends Layer {
    /** x: [..., d] → [..., d]. */
    public abstract Tensor forward(Tensor x);
}
