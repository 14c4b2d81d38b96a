package org.ttm4j.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import org.ttm4j.ttm.model.TtmModel;

/**
 * The shares of the peak of one core, measured to be compared: each work in turns with fused multiply-adds, by the least
 * processor time; the peak is the best of all turns. On a machine that is busy with other things, clocks on the wall tell more
 * about those.
 */
final class Shares {
    /** Windows that a training step runs at a time. */
    static final int MICRO_BATCH = 32;
    /** Seconds of processor time for which a share is measured, unless a test wants less. */
    static final double SECONDS = 2;
    /** A backward pass has two products for each of the forward pass: the gradients of the input and of the weights. */
    private static final int STEP_TO_FORWARD = 3;
    private static final int BATCH = 64;
    private static final int WINDOWS = 384;

    private final Timing forecasts;
    private final Timing trainings;
    /** GFLOP/s of fused multiply-adds, the most of all turns: the compiler may spoil their loop later in one of them. */
    private double peak;

    /**
     * Measures so many seconds for each share. Samples are long against the resolution of the clocks: a forecast is timed by
     * the clock of this thread; a training step, which runs on a thread of its own, by that of the process, which some systems
     * count in hundredths of a second. It has more code to be compiled, and on a shared machine only some of its samples run
     * undisturbed, so that it gets four times as long.
     *
     * @throws IllegalStateException without the Vector API
     */
    Shares(double seconds) {
        if (!canBeMeasured()) throw new IllegalStateException("the peak needs the module jdk.incubator.vector");
        forecasts = new Timing(ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime, 10_000_000, seconds,
                seconds, 1);
        trainings = new Timing(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)::getProcessCpuTime,
                400_000_000, 4 * seconds, 4 * seconds, 1);
    }

    /** Returns true if the Vector API is there. */
    static boolean canBeMeasured() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /** All shares of {@link History}: GFLOP/s in matrix products, everything else included in the time, over the peak. */
    Map<Measure, Measure.Result> all() throws Exception {
        TtmModel model = BenchModel.random();
        long flops = BenchModel.flopsPerSeries(model);
        Map<Measure, Double> speeds = new EnumMap<>(Measure.class);
        Map<Measure, Integer> sizes = Map.of(Measure.PEAK_SHARE_1, 1, Measure.PEAK_SHARE_7, 7, Measure.PEAK_SHARE_BATCH,
                7 * BATCH);
        for (Map.Entry<Measure, Integer> size : sizes.entrySet()) {
            int series = size.getValue();
            try (TtmForecast forecast = new TtmForecast(model, BenchModel.contexts(series))) {
                speeds.put(size.getKey(), series * flops / besidePeak(forecasts, forecast::forecast));
            }
        }
        try (TtmTraining training = new TtmTraining(WINDOWS, MICRO_BATCH, 1)) {
            speeds.put(Measure.TRAIN_PEAK_SHARE,
                    STEP_TO_FORWARD * WINDOWS * flops / besidePeak(trainings, training::step));
        }
        Map<Measure, Measure.Result> shares = new EnumMap<>(Measure.class);
        speeds.forEach((measure, speed) -> shares.put(measure, new Measure.Result(speed, peak)));
        return shares;
    }

    /** The least time of a work in turns with the peak. */
    private double besidePeak(Timing timing, Timing.Work work) throws Exception {
        double[] nanos = timing.least(work, FmaPeak::run);
        peak = Math.max(peak, FmaPeak.flops() / nanos[1]);
        return nanos[0];
    }
}
