package org.ttm4j.engine;

/** Optimiser steps. Stateless and thread-safe. */
public interface OptimizerKernels {

    /**
     * One AdamW step over w, m, v, g [0 .. n), as PyTorch defines it: w −= lr·decay·w; m = β₁m + (1−β₁)g; v = β₂v + (1−β₂)g²;
     * w −= lr/(1−β₁ᵗ) · m / (√(v/(1−β₂ᵗ)) + eps). t counts from 1. g is scaled by {@code gradientScale} first
     * (gradient clipping). The settings are double so that 1 − β₂ keeps its digits. Source: Loshchilov and Hutter 2019, arXiv:1711.05101.
     */
    void adamW(float[] w, float[] m, float[] v, float[] g, int n, double gradientScale, double learningRate,
            double beta1, double beta2, double eps, double decay, int t);
}
