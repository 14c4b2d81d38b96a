package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.engine.kernel.ActivationKernels;

/** The sigmoid gate of a tile of series, and gated linear units over its features, a call for each row as in a model. */
public class SigmoidBenchmark extends KernelBenchmark {
    @Param
    public Width width;

    private ActivationKernels activation;
    private int n;
    private int d;
    private float[] x;
    private float[] y;
    private float[] p;
    private float[] logits;
    private float[] residual;
    private float[] dy;
    private float[] dx;
    private float[] dLogits;
    private float[] both;
    private float[] dBoth;

    @Setup
    public void setUp() {
        activation = selected().activation();
        n = width.patches * TILE * width.features;
        d = width.features;
        x = random(n);
        y = new float[n];
        p = new float[n];
        logits = random(n + 1);
        residual = random(n);
        dy = random(n);
        dx = new float[n];
        dLogits = new float[n];
        both = random(2 * n);
        dBoth = new float[2 * n];
        activation.sigmoidGate(y, p, x, logits, null, 0, 0, 0, n);
    }

    @Benchmark
    public float[] gate() {
        activation.sigmoidGate(y, p, x, logits, residual, 0, 0, 0, n);
        return y;
    }

    @Benchmark
    public float[] gateBackward() {
        activation.sigmoidGateBackward(dx, false, dLogits, dy, x, p, 0, 0, 0, n);
        return dx;
    }

    @Benchmark
    public float[] gatedLinearUnit() {
        for (int i = 0; i < n; i += d) activation.sigmoidGate(y, p, both, both, residual, i, 2 * i, 2 * i + d, d);
        return y;
    }

    @Benchmark
    public float[] gatedLinearUnitBackward() {
        for (int i = 0; i < n; i += d) {
            activation.sigmoidGateBackward(dBoth, false, dBoth, dy, both, p, i, 2 * i, 2 * i + d, d);
        }
        return dBoth;
    }
}
