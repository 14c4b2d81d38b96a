package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.kernel.MatMulKernels;

/**
 * The matrix products of the published 512-96 model, forward and backward, for one series, as in a single forecast, and for a
 * tile of them.
 */
public class ProductBenchmark extends Measured {
    /**
     * Rows × inner × columns for one series, in the order of the layers. Products over features are y = x·Wᵀ, and a number
     * of series multiplies their rows; products over patches are y = W·x, one block a series.
     */
    @Param({"features 8x64x192", "features 32x48x96", "features 32x96x48", "features 32x48x48", "features 16x96x192",
            "features 16x192x96", "features 16x96x96", "features 8x192x384", "features 8x384x192", "features 8x192x192",
            "features 8x192x128", "features 8x128x256", "features 8x256x128", "features 8x128x128",
            "features 1x1024x96", "patches 64x32x48", "patches 32x64x48", "patches 32x32x48", "patches 32x16x96",
            "patches 16x32x96", "patches 16x16x96", "patches 16x8x192", "patches 8x16x192", "patches 8x8x192",
            "patches 16x8x128", "patches 8x16x128", "patches 8x8x128"})
    public String product;

    @Param({"1", "32"})
    public int series;

    @Param({"forward", "dx", "dw"})
    public String pass;

    private Runnable work;

    @Setup
    public void setUp() {
        String[] sizes = product.substring(product.indexOf(' ') + 1).split("x");
        int rows = Integer.parseInt(sizes[0]);
        int inner = Integer.parseInt(sizes[1]);
        int columns = Integer.parseInt(sizes[2]);
        work = product.startsWith("patches") ? patches(rows, inner, columns) : features(rows * series, inner, columns);
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
