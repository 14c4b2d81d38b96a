package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.bench.FeatureProduct;
import org.ttm4j.engine.kernel.MatMulKernels;

/** y = x·Wᵀ + b for one series, as in a single forecast, and for a tile of them. */
public class FeatureProductBenchmark extends KernelBenchmark {
    @Param
    public FeatureProduct product;

    @Param({"1", "32"})
    public int series;

    private MatMulKernels matMul;
    private float[] y;
    private float[] x;
    private float[] packed;
    private float[] bias;
    private int rows;

    @Setup
    public void setUp() {
        matMul = selected().matMul();
        rows = product.rows() * series;
        y = new float[rows * product.out()];
        x = random(rows * product.in());
        bias = random(product.out());
        packed = new float[matMul.packedSize(product.in(), product.out())];
        matMul.packTransposed(packed, random(product.in() * product.out()), product.in(), product.out());
    }

    @Benchmark
    public float[] forward() {
        matMul.multiply(y, x, packed, bias, rows, product.out(), product.in(), false);
        return y;
    }
}
