package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.bench.PatchProduct;
import org.ttm4j.engine.kernel.MatMulKernels;

/** y = W·x + b for one series, as in a single forecast, and for a tile of them. */
public class PatchProductBenchmark extends KernelBenchmark {
    @Param
    public PatchProduct product;

    @Param({"1", "32"})
    public int series;

    private MatMulKernels matMul;
    private float[] y;
    private float[] w;
    private float[] bias;
    private float[] x;

    @Setup
    public void setUp() {
        matMul = selected().matMul();
        y = new float[series * product.out() * product.width()];
        w = random(product.out() * product.in());
        bias = random(product.out());
        x = random(series * product.in() * product.width());
    }

    @Benchmark
    public float[] forward() {
        matMul.multiplyLeft(y, w, false, bias, x, series, product.out(), product.in(), product.width(), false);
        return y;
    }
}
