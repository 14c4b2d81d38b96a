package org.ttm4j.bench;

import java.util.Locale;

/** The ratios that {@code bin/bench --json} prints, named as there in lower case; {@code bin/bench --help} describes them. */
enum Measure {
    LATENCY_1("1 series, 1 thread", "ms", "ONNX Runtime, 1 thread", "≤ 0.40"), //
    LATENCY_7("7 channels, 1 thread", "ms", "ONNX Runtime, 1 thread", "≤ 0.45"), //
    THROUGHPUT_64X7("batch 64 × 7, 1 thread", "series/s", "ONNX Runtime, 1 thread", "≥ 1.8"), //
    THREADS_2("batch 64 × 7, 2 threads", "series/s", "TTM4J, 1 thread", "≥ 1.8"), //
    TRAIN("training step, batch 384, 1 thread", "windows/s", "PyTorch, 1 thread", "≥ 2"), //
    TRAIN_THREADS_2("training step, batch 384, 2 threads", "windows/s", "TTM4J, 1 thread", "≥ 1.7"), //
    PEAK_SHARE_1("1 series, 1 thread", "GFLOP/s", "fused multiply-adds alone", "–"), //
    PEAK_SHARE_7("7 channels, 1 thread", "GFLOP/s", "fused multiply-adds alone", "–"), //
    PEAK_SHARE_BATCH("batch 64 × 7, 1 thread", "GFLOP/s", "fused multiply-adds alone", "≥ 0.75"), //
    TRAIN_PEAK_SHARE("training step, batch 384, 1 thread", "GFLOP/s", "fused multiply-adds alone", "≥ 0.65"), //
    BYTES_PER_FORECAST("allocated per forecast, warm", "bytes", "–", "0");

    /** What is measured, for people. */
    final String what;
    final String unit;
    /** The measurement that the ratio divides by. */
    final String other;
    /** The ratio to reach. */
    final String target;

    Measure(String what, String unit, String other, String target) {
        this.what = what;
        this.unit = unit;
        this.other = other;
        this.target = target;
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Explains the key: our measurement, its unit, and the measurement that it is divided by. */
    String meaning() {
        return what + ": " + unit + (this == BYTES_PER_FORECAST ? "" : ", over " + other);
    }

    /** Both sides of a ratio, in the measure's unit; NaN for what cannot be measured, such as an absent peer. */
    record Result(double ours, double other) {}

    /** Ours over the other's, ours alone for {@link #BYTES_PER_FORECAST}; NaN where one cannot be measured. */
    double ratio(Result result) {
        return this == BYTES_PER_FORECAST ? result.ours : result.ours / result.other;
    }
}
