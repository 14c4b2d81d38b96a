package org.ttm4j.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.ttm4j.bench.BenchModel;
import org.ttm4j.bench.TtmForecast;

/** Forecasts of 1 series, 7 channels, and a batch of 64 × 7. */
public class ForecastBenchmark extends ModelBenchmark {
    @Param({"1", "7", "448"})
    public int series;

    private TtmForecast forecast;

    @Setup
    public void setUp() {
        forecast = new TtmForecast(BenchModel.random(), BenchModel.contexts(series));
    }

    @TearDown
    public void tearDown() {
        forecast.close();
    }

    @Benchmark
    public float[][] forecast() {
        return forecast.forecast();
    }

    @Benchmark
    public float[][] forecastIntoNewArrays() {
        return forecast.forecastIntoNewArrays();
    }

    @Benchmark
    public float[] predict() {
        return forecast.predict();
    }

    @Benchmark
    public float[] predictOnTwoThreads() {
        return forecast.predictOnTwoThreads();
    }
}
