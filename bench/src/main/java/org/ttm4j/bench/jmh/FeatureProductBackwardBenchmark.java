package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.bench.FeatureProduct;
import org.ttm4j.engine.kernel.MatMulKernels;

/** dx = dy·W and dW += dyᵀ·x for a micro-batch. */
public class FeatureProductBackwardBenchmark extends KernelBenchmark {
    @Param
    public FeatureProduct product;

    @Param("32")
    public int series;

    private MatMulKernels matMul;
    private float[] dx;
    private float[] dw;
    private float[] dy;
    private float[] x;
    private float[] packed;
    private int rows;

    @Setup
    public void setUp() {
        matMul = selected().matMul();
        rows = product.rows() * series;
        dx = new float[rows * product.in()];
        dw = new float[product.out() * product.in()];
        dy = random(rows * product.out());
        x = random(rows * product.in());
        packed = new float[matMul.packedSize(product.out(), product.in())];
        matMul.pack(packed, random(product.out() * product.in()), product.out(), product.in());
    }

    @Benchmark
    public float[] dx() {
        matMul.multiply(dx, dy, packed, null, rows, product.in(), product.out(), false);
        return dx;
    }

    @Benchmark
    public float[] dw() {
        matMul.addTransposedProduct(dw, dy, x, rows, product.out(), product.in());
        return dw;
    }
}
