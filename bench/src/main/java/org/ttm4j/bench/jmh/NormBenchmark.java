package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.engine.kernel.NormKernels;

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
    private NormKernels.RowStatistics statistics;
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
        statistics = new NormKernels.RowStatistics(new float[rows], new float[rows]);
        gain = random(d);
        bias = random(d);
        dy = random(rows * d);
        dx = new float[rows * d];
        dGain = new float[d];
        dBias = new float[d];
        norm.layerNorm(y, statistics, x, gain, bias, rows, d, EPS);
    }

    @Benchmark
    public float[] layerNorm() {
        norm.layerNorm(y, null, x, gain, bias, rows, d, EPS);
        return y;
    }

    @Benchmark
    public float[] layerNormBackward() {
        norm.layerNormBackward(dx, false, dGain, dBias, dy, x, statistics, gain, rows, d);
        return dx;
    }
}
