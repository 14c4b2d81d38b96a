package org.ttm4j.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.ttm4j.ttm.model.TtmModel;

/**
 * The shares of the peak of one core, measured to be compared: each work in turns with fused multiply-adds, by processor
 * time, the least of its blocks; the peak is the best of all turns. On a machine that is busy with other things, clocks on the wall tell more
 * about those.
 */
final class Shares {
    /** Of this thread, in nanoseconds. */
    private static final LongSupplier THREAD = ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime;
    /** Of all threads, as a training step runs on one of its own; some systems count it in hundredths of a second. */
    private static final LongSupplier PROCESS = ManagementFactory
            .getPlatformMXBean(OperatingSystemMXBean.class)::getProcessCpuTime;
    /** Processor time of either, in seconds. */
    private static final double WARM_UP = 2;
    private static final double MEASURED = 2;
    /** A training step has more code to be compiled, and on a shared machine only some of its blocks run undisturbed. */
    private static final int LONGER_TO_TRAIN = 4;
    /** Long against the clocks' resolutions. */
    private static final long THREAD_BLOCK = 10_000_000;
    private static final long PROCESS_BLOCK = 400_000_000;
    private static final int BATCH = 64;
    private static final int WINDOWS = 384;
    /** Windows that a training step runs at a time. */
    static final int MICRO_BATCH = 32;

    private final double warmUp;
    private final double measured;
    /** GFLOP/s of fused multiply-adds, the most of all turns: the compiler may spoil their loop later in one of them. */
    private double peak;

    /** With seconds for each of the two of every share. */
    private Shares(double warmUp, double measured) {
        this.warmUp = warmUp;
        this.measured = measured;
    }

    /** Measures all, in half a minute of processor time. Throws IllegalStateException without the Vector API. */
    static Map<Measure, Measure.Result> measure() throws Exception {
        return new Shares(WARM_UP, MEASURED).all();
    }

    /** Runs all once: for a test. */
    static Map<Measure, Measure.Result> once() throws Exception {
        return new Shares(0, 0).all();
    }

    private Map<Measure, Measure.Result> all() throws Exception {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new IllegalStateException("the peak needs the module jdk.incubator.vector");
        }
        TtmModel model = BenchModel.random();
        Map<Measure, Double> speeds = new EnumMap<>(Measure.class);
        speeds.put(Measure.PEAK_SHARE_1, forecasts(model, 1));
        speeds.put(Measure.PEAK_SHARE_7, forecasts(model, 7));
        speeds.put(Measure.PEAK_SHARE_BATCH, forecasts(model, 7 * BATCH));
        try (TtmTraining training = new TtmTraining(WINDOWS, MICRO_BATCH, 1)) {
            speeds.put(Measure.TRAIN_PEAK_SHARE, speed(training::step, Comparison.STEP_TO_FORWARD * WINDOWS, PROCESS,
                    PROCESS_BLOCK, LONGER_TO_TRAIN));
        }
        Map<Measure, Measure.Result> shares = new EnumMap<>(Measure.class);
        speeds.forEach((measure, speed) -> shares.put(measure, new Measure.Result(speed, peak)));
        return shares;
    }

    private double forecasts(TtmModel model, int series) throws Exception {
        try (TtmForecast forecast = new TtmForecast(model, BenchModel.contexts(series))) {
            return speed(forecast::forecast, series, THREAD, THREAD_BLOCK, 1);
        }
    }

    /** GFLOP/s in the matrix products of so many forward passes of a series; everything takes {@code longer} times as long. */
    private double speed(Timing.Work work, int passes, LongSupplier clock, long block, int longer) throws Exception {
        inTurns(work, longer * warmUp, clock, block);
        double[] nanos = inTurns(work, longer * measured, clock, block);
        peak = Math.max(peak, FmaPeak.flops() / nanos[1]);
        return passes * BenchModel.flopsPerSeries() / nanos[0];
    }

    /** The least time of a call of the work and of {@link FmaPeak#run}, in nanoseconds. */
    private static double[] inTurns(Timing.Work work, double seconds, LongSupplier clock, long block) throws Exception {
        double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        long begin = clock.getAsLong();
        do {
            least[0] = Math.min(least[0], call(work, clock, block));
            least[1] = Math.min(least[1], call(FmaPeak::run, clock, block));
        } while (clock.getAsLong() - begin < 2e9 * seconds);
        return least;
    }

    /** The time of a call in a block of them. */
    private static double call(Timing.Work work, LongSupplier clock, long block) throws Exception {
        long begin = clock.getAsLong();
        long now = begin;
        int calls = 0;
        for (; now - begin < block; calls++) {
            work.run();
            now = clock.getAsLong();
        }
        return (double) (now - begin) / calls;
    }
}
