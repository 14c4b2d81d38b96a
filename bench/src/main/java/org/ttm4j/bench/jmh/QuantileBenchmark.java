package org.ttm4j.bench.jmh;

import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.bench.BenchModel;
import org.ttm4j.engine.kernel.ActivationKernels;
import org.ttm4j.engine.kernel.LossKernels;

/** What nine quantiles add to a micro-batch: softplus of the eight distances of each step, and their loss. */
public class QuantileBenchmark extends KernelBenchmark {
    private static final int LEVELS = 9;
    private static final float EPS = 1e-6f;

    private ActivationKernels activation;
    private LossKernels loss;
    private float[] distances;
    private float[] positive;
    private float[] slope;
    private float[] quantiles;
    private float[] slopes;
    private float[] target;
    private float[] mask;
    private float[] levels;
    private float[] widths;

    @Setup
    public void setUp() {
        activation = selected().activation();
        loss = selected().loss();
        int n = TILE * BenchModel.HORIZON;
        distances = random((LEVELS - 1) * n);
        positive = new float[(LEVELS - 1) * n];
        slope = new float[(LEVELS - 1) * n];
        quantiles = random(LEVELS * n);
        slopes = new float[LEVELS * n];
        target = random(n);
        mask = new float[n];
        Arrays.fill(mask, 1);
        levels = new float[LEVELS];
        for (int i = 0; i < LEVELS; i++) levels[i] = (i + 1f) / (LEVELS + 1);
        widths = new float[LEVELS];
    }

    @Benchmark
    public float[] softplus() {
        activation.softplus(positive, slope, distances, EPS, distances.length);
        return positive;
    }

    @Benchmark
    public double loss() {
        return loss.quantiles(slopes, quantiles, target, mask, levels, widths, TILE, BenchModel.HORIZON);
    }
}
