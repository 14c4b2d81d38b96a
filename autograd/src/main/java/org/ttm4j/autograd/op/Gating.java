package org.ttm4j.autograd.op;

/** An operation that weighs its input by gates, which it shows to those who look into a model. */
public interface Gating {
    /** The weights of the last run, live, in the shape of the output; null in a graph without gradients, which keeps none. */
    float[] weights();
}
