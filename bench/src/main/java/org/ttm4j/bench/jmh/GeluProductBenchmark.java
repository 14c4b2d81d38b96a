package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.bench.FeatureProduct;
import org.ttm4j.bench.PatchProduct;
import org.ttm4j.engine.kernel.MatMulKernels;

/** The first layer of each MLP with its GELU in the same pass, without (inference) and with (training) the slope. */
public class GeluProductBenchmark extends KernelBenchmark {
    @Param({"D48_FC1", "D96_FC1", "D192_FC1", "D128_FC1"})
    public String product;

    @Param("32")
    public int series;

    private FeatureProduct features;
    private PatchProduct patches;
    private MatMulKernels matMul;
    private float[] y;
    private float[] slope;
    private float[] x;
    private float[] w;
    private float[] packed;
    private float[] bias;
    private int rows;

    @Setup
    public void setUp() {
        features = FeatureProduct.valueOf(product);
        patches = PatchProduct.valueOf(product);
        matMul = selected().matMul();
        rows = features.rows() * series;
        // Both orientations see arrays of the same size: an MLP doubles what it mixes.
        y = new float[rows * features.out()];
        slope = new float[rows * features.out()];
        x = random(rows * features.in());
        bias = random(Math.max(features.out(), patches.out()));
        w = random(patches.out() * patches.in());
        packed = new float[matMul.packedSize(features.in(), features.out())];
        matMul.packTransposed(packed, random(features.in() * features.out()), features.in(), features.out());
    }

    @Benchmark
    public float[] features() {
        matMul.multiplyGelu(y, null, x, packed, bias, rows, features.out(), features.in());
        return y;
    }

    @Benchmark
    public float[] featuresWithSlope() {
        matMul.multiplyGelu(y, slope, x, packed, bias, rows, features.out(), features.in());
        return y;
    }

    @Benchmark
    public float[] patches() {
        matMul.multiplyLeftGelu(y, null, w, bias, x, series, patches.out(), patches.in(), patches.width());
        return y;
    }

    @Benchmark
    public float[] patchesWithSlope() {
        matMul.multiplyLeftGelu(y, slope, w, bias, x, series, patches.out(), patches.in(), patches.width());
        return y;
    }
}
