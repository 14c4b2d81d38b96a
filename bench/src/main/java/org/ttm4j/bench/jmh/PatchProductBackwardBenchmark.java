package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.bench.PatchProduct;
import org.ttm4j.engine.kernel.MatMulKernels;

/** dx = Wᵀ·dy and dW += Σ dy·xᵀ for a micro-batch. */
public class PatchProductBackwardBenchmark extends KernelBenchmark {
    @Param
    public PatchProduct product;

    @Param("32")
    public int series;

    private MatMulKernels matMul;
    private float[] dx;
    private float[] dw;
    private float[] w;
    private float[] dy;
    private float[] x;

    @Setup
    public void setUp() {
        matMul = selected().matMul();
        dx = new float[series * product.in() * product.width()];
        dw = new float[product.out() * product.in()];
        w = random(product.out() * product.in());
        dy = random(series * product.out() * product.width());
        x = random(series * product.in() * product.width());
    }

    @Benchmark
    public float[] dx() {
        matMul.multiplyLeft(dx, w, true, null, dy, series, product.in(), product.out(), product.width(), false);
        return dx;
    }

    @Benchmark
    public float[] dw() {
        matMul.addLeftTransposedProduct(dw, dy, x, series, product.out(), product.in(), product.width());
        return dw;
    }
}
