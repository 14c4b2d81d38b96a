package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.ttm4j.bench.TtmTraining;

/** A training step: 384 windows in micro-batches of 32. */
public class TrainingBenchmark extends ModelBenchmark {
    @Param({"1", "2"})
    public int threads;

    private TtmTraining training;

    @Setup
    public void setUp() {
        training = new TtmTraining(384, 32, threads);
    }

    @TearDown
    public void tearDown() {
        training.close();
    }

    @Benchmark
    public double step() throws InterruptedException {
        return training.step();
    }
}
