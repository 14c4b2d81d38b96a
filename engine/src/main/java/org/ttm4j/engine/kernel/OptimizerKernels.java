package org.ttm4j.engine.kernel;

/** Optimiser steps. Stateless and thread-safe. */
public interface OptimizerKernels {

    /**
     * The settings of AdamW that stay the same from step to step; double, so that 1 − β₂ keeps its digits.
     *
     * @param beta1 β₁, how much of the mean of the gradients a step keeps
     * @param beta2 β₂, how much of the mean of their squares a step keeps
     * @param eps added to the root of the latter
     * @param decay of the weights, multiplied by the learning rate
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
