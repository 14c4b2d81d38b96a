package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.ttm4j.bench.FmaPeak;

/** The fused multiply-adds that the products are held against. */
public class PeakBenchmark extends ModelBenchmark {
    @Benchmark
    public void fma() {
        FmaPeak.run();
    }
}
