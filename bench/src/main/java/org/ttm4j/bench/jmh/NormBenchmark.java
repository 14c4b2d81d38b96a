package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.engine.NormKernels;

/** LayerNorm, forward and backward, for a tile of series. */
public class NormBenchmark extends KernelBenchmark {
    private static final float EPS = 1e-5f;

    @Param
    public Width width;

    private NormKernels norm;
    private int rows;
    private int d;
    private float[] x;
    private float[] y;
    private float[] mean;
    private float[] rstd;
    private float[] gain;
    private float[] bias;
    private float[] dy;
    private float[] dx;
    private float[] dGain;
    private float[] dBias;

    @Setup
    public void setUp() {
        norm = selected().norm();
        rows = width.patches * TILE;
        d = width.features;
        x = random(rows * d);
        y = new float[rows * d];
        mean = new float[rows];
        rstd = new float[rows];
        gain = random(d);
        bias = random(d);
        dy = random(rows * d);
        dx = new float[rows * d];
        dGain = new float[d];
        dBias = new float[d];
        norm.layerNorm(y, 0, mean, rstd, x, 0, gain, 0, bias, 0, rows, d, EPS);
    }

    @Benchmark
    public float[] layerNorm() {
        norm.layerNorm(y, 0, null, null, x, 0, gain, 0, bias, 0, rows, d, EPS);
        return y;
    }

    @Benchmark
    public float[] layerNormBackward() {
        norm.layerNormBackward(dx, 0, false, dGain, 0, dBias, 0, dy, 0, x, 0, mean, rstd, gain, 0, rows, d);
        return dx;
    }
}
