package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.bench.Product;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.kernel.MatMulKernels;

/** The matrix products of a model, forward and backward, for one series, as in a single forecast, and for a tile of them. */
public class ProductBenchmark extends Measured {
    @Param
    public Product product;

    @Param({"1", "32"})
    public int series;

    @Param({"forward", "dx", "dw"})
    public String pass;

    private Runnable work;

    @Setup
    public void setUp() {
        work = product.isOverPatches()
                ? patches(product.rows, product.inner, product.columns)
                : features(product.rows * series, product.inner, product.columns);
    }

    @Benchmark
    public void run() {
        work.run();
    }

    /** y = x·Wᵀ + b, dx = dy·W and dW += dyᵀ·x, with x: rows × in and y: rows × out. */
    private Runnable features(int rows, int in, int out) {
        MatMulKernels matMul = KernelSelection.active().matMul();
        float[] x = random(rows * in);
        float[] dx = new float[rows * in];
        float[] y = random(rows * out);
        float[] w = random(out * in);
        float[] bias = random(out);
        float[] packed = new float[matMul.packedSize(in, out)];
        matMul.packTransposed(packed, w, in, out);
        float[] packedBack = new float[matMul.packedSize(out, in)];
        matMul.pack(packedBack, w, out, in);
        return switch (pass) {
            case "forward" -> () -> matMul.multiply(y, x, packed, bias, rows, out, in, false);
            case "dx" -> () -> matMul.multiply(dx, y, packedBack, null, rows, in, out, false);
            default -> () -> matMul.addTransposedProduct(w, y, x, rows, out, in);
        };
    }

    /** y = W·x + b, dx = Wᵀ·dy and dW += Σ dy·xᵀ, with x: in × width and y: out × width for each series. */
    private Runnable patches(int out, int in, int width) {
        MatMulKernels matMul = KernelSelection.active().matMul();
        float[] x = random(series * in * width);
        float[] dx = new float[series * in * width];
        float[] y = random(series * out * width);
        float[] w = random(out * in);
        float[] bias = random(out);
        return switch (pass) {
            case "forward" -> () -> matMul.multiplyLeft(y, w, false, bias, x, series, out, in, width, false);
            case "dx" -> () -> matMul.multiplyLeft(dx, w, true, null, y, series, in, out, width, false);
            default -> () -> matMul.addLeftTransposedProduct(w, y, x, series, out, in, width);
        };
    }
}
