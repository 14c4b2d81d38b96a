package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.bench.BenchModel;
import org.ttm4j.engine.kernel.OptimizerKernels;
import org.ttm4j.engine.kernel.OptimizerKernels.AdamWSettings;

/** AdamW over as many weights as the published 512-96 model has. */
public class OptimizerBenchmark extends KernelBenchmark {
    private OptimizerKernels optimizer;
    private float[] w;
    private float[] m;
    private float[] v;
    private float[] g;
    private final AdamWSettings settings = new AdamWSettings(0.9, 0.999, 1e-8, 0.01);
    private int t;

    @Setup
    public void setUp() {
        optimizer = selected().optimizer();
        int n = BenchModel.random().parameters().values().stream().mapToInt(p -> p.shape().size()).sum();
        w = random(n);
        g = random(n + 1);
        m = new float[n];
        v = new float[n];
    }

    @Benchmark
    public float[] adamW() {
        optimizer.adamW(w, m, v, g, w.length, 1, 1e-3, settings, ++t);
        return w;
    }
}
