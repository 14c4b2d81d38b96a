package org.ttm4j.bench.jmh;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.ttm4j.bench.BenchModel;
import org.ttm4j.bench.FmaPeak;
import org.ttm4j.bench.TtmForecast;
import org.ttm4j.bench.TtmTraining;

/**
 * The whole model: forecasts of so many series, a training step of 384 windows on so many threads, reading a bundled model,
 * and the fused multiply-adds that the products are held against.
 */
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class ModelBenchmark extends Measured {
    @Param({"forecast 1", "forecast 7", "forecast 448", "predict 1", "predict 7", "predict 448", "train 1", "train 2",
            "load", "fma"})
    public String task;

    private Callable<Object> work;
    private AutoCloseable model;

    @Setup
    public void setUp() {
        int count = Integer.parseInt(task.replaceFirst("\\D+", "0"));
        if (task.startsWith("train")) {
            TtmTraining training = new TtmTraining(384, TILE, count);
            model = training;
            work = training::step;
            return;
        }
        TtmForecast forecast = new TtmForecast(BenchModel.random(), BenchModel.contexts(Math.max(1, count)));
        model = forecast;
        work = switch (task) {
            case "load" -> BenchModel::bundled;
            case "fma" -> () -> {
                FmaPeak.run();
                return null;
            };
            default -> task.startsWith("predict") ? forecast::predict : forecast::forecast;
        };
    }

    @Benchmark
    public Object run() throws Exception {
        return work.call();
    }

    @TearDown
    public void tearDown() throws Exception {
        model.close();
    }
}
