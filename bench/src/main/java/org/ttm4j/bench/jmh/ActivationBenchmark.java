package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.engine.kernel.ActivationKernels;

/** GELU on what the first layer of an MLP makes of a tile of series, softmax and gates on the tile itself. */
public class ActivationBenchmark extends KernelBenchmark {
    @Param
    public Width width;

    private ActivationKernels activation;
    private int rows;
    private int d;
    private float[] hidden;
    private float[] geluOut;
    private float[] slope;
    private float[] x;
    private float[] y;
    private float[] p;
    private float[] logits;
    private float[] residual;
    private float[] dy;
    private float[] dx;
    private float[] dLogits;

    @Setup
    public void setUp() {
        activation = selected().activation();
        rows = width.patches * TILE;
        d = width.features;
        int n = rows * d;
        hidden = random(2 * n);
        geluOut = new float[2 * n];
        slope = new float[2 * n];
        x = random(n);
        y = new float[n];
        p = new float[n];
        logits = random(n + 1);
        residual = random(n);
        dy = random(n);
        dx = new float[n];
        dLogits = new float[n];
        activation.gate(y, p, x, logits, null, rows, d);
    }

    @Benchmark
    public float[] gelu() {
        activation.gelu(geluOut, hidden, hidden.length);
        return geluOut;
    }

    @Benchmark
    public float[] geluWithSlope() {
        activation.geluWithSlope(geluOut, slope, hidden, hidden.length);
        return geluOut;
    }

    @Benchmark
    public float[] gate() {
        activation.gate(y, dLogits, x, logits, residual, rows, d);
        return y;
    }

    @Benchmark
    public float[] gateBackward() {
        activation.gateBackward(dx, false, dLogits, dy, x, p, rows, d);
        return dx;
    }

    @Benchmark
    public float[] gateLeft() {
        activation.gateLeft(y, dLogits, x, logits, residual, TILE, width.patches, d);
        return y;
    }

    @Benchmark
    public float[] gateLeftBackward() {
        activation.gateLeftBackward(dx, false, dLogits, dy, x, p, TILE, width.patches, d);
        return dx;
    }
}
