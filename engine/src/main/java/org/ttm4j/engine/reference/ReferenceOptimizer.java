package org.ttm4j.engine.reference;

import org.ttm4j.engine.kernel.OptimizerKernels;

/** AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101), with the decay decoupled as in PyTorch. */
public final class ReferenceOptimizer implements OptimizerKernels {

    @Override
    public void adamW(float[] w, float[] m, float[] v, float[] g, int n, double gradientScale, double learningRate,
            AdamWSettings settings, int t) {
        double beta1 = settings.beta1();
        double beta2 = settings.beta2();
        for (int i = 0; i < n; i++) {
            double gradient = gradientScale * g[i];
            double mean = beta1 * m[i] + (1 - beta1) * gradient;
            double square = beta2 * v[i] + (1 - beta2) * gradient * gradient;
            double unbiasedMean = mean / (1 - Math.pow(beta1, t));
            double unbiasedSquare = square / (1 - Math.pow(beta2, t));
            double step = unbiasedMean / (Math.sqrt(unbiasedSquare) + settings.eps()) + settings.decay() * w[i];
            w[i] = (float) (w[i] - learningRate * step);
            m[i] = (float) mean;
            v[i] = (float) square;
        }
    }
}
