package org.ttm4j.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
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
        requireVectors();
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

    /**
     * The shares of a training step that runs so many windows at a time, all in turns, as a table in Markdown. Throws as
     * {@link #measure} does.
     */
    static String byMicroBatch(TtmModel model, int... sizes) throws Exception {
        return new Shares(WARM_UP, MEASURED).microBatches(model, sizes);
    }

    /** Runs all of {@link #byMicroBatch} once: for a test. */
    static String byMicroBatchOnce(TtmModel model, int... sizes) throws Exception {
        return new Shares(0, 0).microBatches(model, sizes);
    }

    private String microBatches(TtmModel model, int... sizes) throws Exception {
        requireVectors();
        TtmTraining[] trainings = new TtmTraining[sizes.length];
        Timing.Work[] works = new Timing.Work[sizes.length + 1];
        for (int i = 0; i < sizes.length; i++) {
            trainings[i] = new TtmTraining(model, WINDOWS, sizes[i], 1);
            works[i] = trainings[i]::step;
        }
        works[sizes.length] = FmaPeak::run;
        inTurns(LONGER_TO_TRAIN * warmUp, PROCESS, PROCESS_BLOCK, works);
        double[] nanos = inTurns(LONGER_TO_TRAIN * measured, PROCESS, PROCESS_BLOCK, works);
        for (TtmTraining training : trainings) training.close();
        double most = FmaPeak.flops() / nanos[sizes.length];
        long flops = Comparison.STEP_TO_FORWARD * BenchModel.flopsPerSeries(model);
        MarkdownTable table = new MarkdownTable("windows at a time", "windows/s", "GFLOP/s", "share of the peak");
        for (int i = 0; i < sizes.length; i++) {
            double perSecond = 1e9 * WINDOWS / nanos[i];
            double speed = perSecond * flops / 1e9;
            table.row(Integer.toString(sizes[i]), Report.number(perSecond), Report.number(speed),
                    String.format(Locale.ROOT, "%.3f", speed / most));
        }
        return table + "\nFused multiply-adds alone, in turns with these: " + Report.number(most) + " GFLOP/s.\n";
    }

    private double forecasts(TtmModel model, int series) throws Exception {
        try (TtmForecast forecast = new TtmForecast(model, BenchModel.contexts(series))) {
            return speed(forecast::forecast, series, THREAD, THREAD_BLOCK, 1);
        }
    }

    private static void requireVectors() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new IllegalStateException("the peak needs the module jdk.incubator.vector");
        }
    }

    /** GFLOP/s in the matrix products of so many forward passes of a series; everything takes {@code longer} times as long. */
    private double speed(Timing.Work work, int passes, LongSupplier clock, long block, int longer) throws Exception {
        inTurns(longer * warmUp, clock, block, work, FmaPeak::run);
        double[] nanos = inTurns(longer * measured, clock, block, work, FmaPeak::run);
        peak = Math.max(peak, FmaPeak.flops() / nanos[1]);
        return passes * BenchModel.flopsPerSeries() / nanos[0];
    }

    /** The least time of a call of each work, in nanoseconds, after so many seconds for each. */
    private static double[] inTurns(double seconds, LongSupplier clock, long block, Timing.Work... works)
            throws Exception {
        double[] least = new double[works.length];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        long begin = clock.getAsLong();
        do {
            for (int i = 0; i < works.length; i++) least[i] = Math.min(least[i], call(works[i], clock, block));
        } while (clock.getAsLong() - begin < 1e9 * works.length * seconds);
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
