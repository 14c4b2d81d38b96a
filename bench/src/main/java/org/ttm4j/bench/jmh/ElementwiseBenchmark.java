package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.engine.kernel.ElementwiseKernels;

/** Dropout, product by the slope of GELU and gradients of biases, on what an MLP's first layer makes of a micro-batch. */
public class ElementwiseBenchmark extends KernelBenchmark {
    @Param
    public Width width;

    private ElementwiseKernels elementwise;
    private int rows;
    private int d;
    private float[] x;
    private float[] y;
    private float[] slope;
    private float[] sums;

    @Setup
    public void setUp() {
        elementwise = selected().elementwise();
        rows = width.patches * TILE;
        d = 2 * width.features;
        x = random(rows * d);
        slope = random(rows * d + 1);
        y = new float[rows * d];
        sums = new float[Math.max(d, width.patches)];
    }

    @Benchmark
    public float[] dropout() {
        elementwise.dropout(y, 0, x, 0, x.length, 0.2f, 1, false);
        return y;
    }

    @Benchmark
    public float[] multiply() {
        elementwise.multiply(y, 0, x, 0, slope, 0, x.length, false);
        return y;
    }

    @Benchmark
    public float[] addColumnSums() {
        elementwise.addColumnSums(sums, 0, x, 0, rows, d);
        return sums;
    }

    @Benchmark
    public float[] addRowSums() {
        elementwise.addRowSums(sums, 0, x, 0, TILE, width.patches, d);
        return sums;
    }
}
