package org.ttm4j.engine.kernel;

/** Optimiser steps. Stateless and thread-safe. */
public interface OptimizerKernels {

    /**
     * The settings of AdamW that do not change between steps. They are doubles because 1 − β₂ would lose digits in
     * float.
     *
     * @param beta1 β₁, the decay rate of the running mean of the gradients
     * @param beta2 β₂, the decay rate of the running mean of the squared gradients
     * @param eps added to the root of the mean of the squares
     * @param decay the weight decay, which is multiplied by the learning rate
     */
    record AdamWSettings(double beta1, double beta2, double eps, double decay) {}

    /**
     * One AdamW step over w, m, v, g [0 .. n), as PyTorch defines it: w −= lr·decay·w; m = β₁m + (1−β₁)g;
     * v = β₂v + (1−β₂)g²; w −= lr/(1−β₁ᵗ) · m / (√(v/(1−β₂ᵗ)) + eps). t counts from 1. g is scaled by
     * {@code gradientScale} first (gradient clipping). Source: Loshchilov and Hutter 2019, arXiv:1711.05101.
     */
    void adamW(float[] w, float[] m, float[] v, float[] g, int n, double gradientScale, double learningRate,
            AdamWSettings settings, int t);
}
