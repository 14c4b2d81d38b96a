package org.ttm4j.bench.jmh;

import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.bench.BenchModel;
import org.ttm4j.engine.kernel.NormKernels;

/** The scaling of a tile of contexts. */
public class StandardizeBenchmark extends KernelBenchmark {
    private NormKernels norm;
    private float[] x;
    private float[] y;
    private float[] mask;
    private float[] loc;
    private float[] scale;

    @Setup
    public void setUp() {
        norm = selected().norm();
        x = BenchModel.contexts(TILE);
        y = new float[x.length];
        mask = new float[x.length];
        Arrays.fill(mask, 1);
        loc = new float[TILE];
        scale = new float[TILE];
    }

    @Benchmark
    public float[] standardize() {
        norm.standardize(y, loc, scale, x, mask, TILE, BenchModel.CONTEXT, 1e-5f);
        return y;
    }
}
