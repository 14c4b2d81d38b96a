package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.ttm4j.bench.BenchModel;
import org.ttm4j.bench.TtmForecast;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.TtmModel;

/** The forward pass: 1 series, 7 channels, a batch of 64 × 7. */
public class ForecastBenchmark extends ModelBenchmark {
    @Param({"1", "7", "448"})
    public int series;

    private TtmForecast oneThread;
    private TtmForecast twoThreads;
    private Forecaster forecaster;
    private float[][] history;

    @Setup
    public void setUp() {
        TtmModel model = BenchModel.random();
        float[] contexts = BenchModel.contexts(series);
        oneThread = new TtmForecast(model, contexts, 1);
        twoThreads = new TtmForecast(model, contexts, 2);
        forecaster = Forecaster.of(model);
        history = new float[series][BenchModel.CONTEXT];
        for (int s = 0; s < series; s++) {
            System.arraycopy(contexts, s * BenchModel.CONTEXT, history[s], 0, BenchModel.CONTEXT);
        }
    }

    @TearDown
    public void tearDown() {
        oneThread.close();
        twoThreads.close();
    }

    /** From and to arrays that are there already. */
    @Benchmark
    public float[] predictor() throws Exception {
        return oneThread.run();
    }

    @Benchmark
    public float[] predictorOnTwoThreads() throws Exception {
        return twoThreads.run();
    }

    /** With the checks and copies of the call that programs make. */
    @Benchmark
    public Forecast forecaster() {
        return forecaster.forecast(history);
    }
}
