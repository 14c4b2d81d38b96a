package org.ttm4j.autograd.op;

/** An operation that multiplies its input by gate weights, which can be read for inspection. */
public interface Gating {
    /** The weights of the last run, not copied, in the shape of the output; null in a graph without gradients. */
    float[] weights();
}
