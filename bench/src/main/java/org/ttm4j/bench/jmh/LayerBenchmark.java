package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.kernel.ActivationKernels;
import org.ttm4j.engine.kernel.NormKernels;

/** The kernels beside the products in a mixer layer of the published 512-96 model, on a tile of series. */
public class LayerBenchmark extends Measured {
    private static final float EPS = 1e-5f;

    /** Patches × features of the layer. */
    @Param({"32x48", "16x96", "8x192", "8x128"})
    public String layer;

    @Param({"gelu", "geluWithSlope", "gate", "gateBackward", "gateLeft", "gateLeftBackward", "sigmoidGate",
            "sigmoidGateBackward", "softplus", "layerNorm", "layerNormBackward"})
    public String kernel;

    private Runnable work;

    @Setup
    public void setUp() {
        int by = layer.indexOf('x');
        work = work(Integer.parseInt(layer.substring(0, by)), Integer.parseInt(layer.substring(by + 1)));
    }

    @Benchmark
    public void run() {
        work.run();
    }

    private Runnable work(int patches, int d) {
        ActivationKernels activation = KernelSelection.active().activation();
        NormKernels norm = KernelSelection.active().norm();
        int rows = patches * TILE;
        int n = rows * d;
        float[] x = random(n);
        float[] logits = random(n + 1);
        float[] residual = random(n);
        float[] dy = random(n);
        float[] y = new float[n];
        float[] p = new float[n];
        float[] dx = new float[n];
        float[] dLogits = new float[n];
        // What the first layer of an MLP makes of them.
        float[] hidden = random(2 * n);
        float[] slope = random(2 * n + 1);
        float[] out = new float[2 * n];
        float[] gain = random(d);
        float[] bias = random(d);
        float[] dGain = new float[d];
        float[] dBias = new float[d];
        NormKernels.RowStatistics statistics = new NormKernels.RowStatistics(new float[rows], new float[rows]);
        norm.layerNorm(y, statistics, x, gain, bias, rows, d, EPS);
        if (kernel.startsWith("gate")) activation.gate(y, p, x, logits, null, rows, d);
        else activation.sigmoidGate(y, p, x, logits, null, 0, 0, 0, n);
        return switch (kernel) {
            case "gelu" -> () -> activation.gelu(out, hidden, 2 * n);
            case "geluWithSlope" -> () -> activation.geluWithSlope(out, slope, hidden, 2 * n);
            case "gate" -> () -> activation.gate(y, dLogits, x, logits, residual, rows, d);
            case "gateBackward" -> () -> activation.gateBackward(dx, false, dLogits, dy, x, p, rows, d);
            case "gateLeft" -> () -> activation.gateLeft(y, dLogits, x, logits, residual, TILE, patches, d);
            case "gateLeftBackward" ->
                () -> activation.gateLeftBackward(dx, false, dLogits, dy, x, p, TILE, patches, d);
            case "sigmoidGate" -> () -> activation.sigmoidGate(y, p, x, logits, residual, 0, 0, 0, n);
            case "sigmoidGateBackward" ->
                () -> activation.sigmoidGateBackward(dx, false, dLogits, dy, x, p, 0, 0, 0, n);
            case "softplus" -> () -> activation.softplus(out, slope, hidden, EPS, 2 * n);
            case "layerNorm" -> () -> norm.layerNorm(y, null, x, gain, bias, rows, d, EPS);
            case "layerNormBackward" ->
                () -> norm.layerNormBackward(dx, false, dGain, dBias, dy, x, statistics, gain, rows, d);
            default -> throw new IllegalArgumentException(kernel);
        };
    }
}
