package org.ttm4j.engine.scalar;

import org.ttm4j.engine.kernel.OptimizerKernels;

/** Optimiser steps in plain Java. C2 vectorises this loop, so the Vector API would not make it faster. */
public final class ScalarOptimizer implements OptimizerKernels {

    @Override
    public void adamW(float[] w, float[] m, float[] v, float[] g, int n, double gradientScale, double learningRate,
            AdamWSettings settings, int t) {
        double beta1 = settings.beta1();
        double beta2 = settings.beta2();
        float scale = (float) gradientScale;
        float keepMean = (float) beta1;
        float addMean = (float) (1 - beta1);
        float keepSquare = (float) beta2;
        float addSquare = (float) (1 - beta2);
        float keepWeight = (float) (1 - learningRate * settings.decay());
        float step = (float) (learningRate / (1 - Math.pow(beta1, t)));
        float rootCorrection = (float) (1 / Math.sqrt(1 - Math.pow(beta2, t)));
        float epsilon = (float) settings.eps();
        for (int i = 0; i < n; i++) {
            float gradient = g[i] * scale;
            float mean = keepMean * m[i] + addMean * gradient;
            float square = keepSquare * v[i] + addSquare * gradient * gradient;
            m[i] = mean;
            v[i] = square;
            float root = (float) Math.sqrt(square) * rootCorrection; // √v̂ = √v / √(1 − β₂ᵗ)
            w[i] = w[i] * keepWeight - step * mean / (root + epsilon);
        }
    }
}
