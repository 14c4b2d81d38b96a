package org.ttm4j.bench.jmh;

import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.bench.BenchModel;
import org.ttm4j.engine.kernel.LossKernels;

/** The masked squared error and pinball loss of a micro-batch of forecasts, with their derivatives. */
public class LossBenchmark extends KernelBenchmark {
    private LossKernels loss;
    private float[] slope;
    private float[] output;
    private float[] target;
    private float[] mask;

    @Setup
    public void setUp() {
        loss = selected().loss();
        int n = TILE * BenchModel.HORIZON;
        slope = new float[n];
        output = random(n);
        target = random(n + 1);
        mask = new float[n];
        Arrays.fill(mask, 1);
    }

    @Benchmark
    public double mse() {
        return loss.mse(slope, output, target, mask, output.length);
    }

    @Benchmark
    public double pinball() {
        return loss.pinball(slope, output, target, mask, output.length, 0.5f);
    }
}
