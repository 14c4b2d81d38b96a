package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.bench.BenchModel;
import org.ttm4j.engine.kernel.SeriesKernels;

/** What models of several scales, with frequency tokens or of two parts compute of a tile of contexts. */
public class SeriesBenchmark extends KernelBenchmark {
    private static final int FREQUENCIES = 8;

    /** The second is no power of two. */
    @Param({"512", "1536"})
    public int length;

    private SeriesKernels series;
    private float[] x;
    private float[] y;
    private float[] bins;
    private float[] scratch;

    @Setup
    public void setUp() {
        series = selected().series();
        x = BenchModel.contexts(TILE, length);
        y = new float[x.length];
        bins = new float[TILE * FREQUENCIES];
        scratch = new float[series.smoothScratch(length)];
    }

    @Benchmark
    public float[] halve() {
        series.halve(y, x, TILE, length);
        return y;
    }

    @Benchmark
    public float[] strongestFrequencies() {
        series.strongestFrequencies(bins, x, TILE, length, FREQUENCIES, false);
        return bins;
    }

    @Benchmark
    public float[] smooth() {
        series.smooth(y, scratch, x, TILE, length);
        return y;
    }
}
