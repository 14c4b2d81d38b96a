package org.ttm4j.ttm.run;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.kernel.Kernels;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;

/**
 * Chooses the predictor of a model, and switches it to the vector kernels. Until the JVM has compiled them with C2,
 * these are many times slower than plain Java. If {@code ttm4j.kernels} does not name a kernel set, a model therefore
 * starts on the scalar kernels, while a daemon thread, one for all models, runs it on the vector kernels until their
 * speed is stable and greater; then the model switches. If {@code ttm4j.kernels} names a set, it is used from the first
 * call. Thread-safe.
 */
public final class WarmUp {
    /** The warm-up starts after this number of forecasts or this time, to let C2 compile the scalar kernels first. */
    private static final int FIRST_FORECASTS = 128;
    private static final int DELAY_MILLIS = 5000;
    private static final int BLOCK = 10;
    /** The number of successive blocks without an improvement of 5 %, after which the speed counts as stable. */
    private static final int STEADY_BLOCKS = 10;
    private static final double IMPROVEMENT = 0.95;
    private static final long MOST_NANOS = 20_000_000_000L;
    private static final double PERIOD = 24;
    /** Set in tests that load many models and assert nothing of their speed. */
    private static final String SHORT = "ttm4j.shortWarmUp";

    private final TtmModel model;
    private final AtomicInteger forecasts = new AtomicInteger();
    private volatile Predictor predictor;
    private int runs;

    /** Schedules the warm-up in the background, if it is needed. */
    public WarmUp(TtmModel model) {
        this.model = model;
        boolean automatic = KernelSelection.mayChooseVectors();
        predictor = new Predictor(model, automatic ? KernelSelection.scalar() : KernelSelection.active());
        if (automatic) Background.schedule(this, DELAY_MILLIS);
        else forecasts.set(FIRST_FORECASTS);
    }

    /** The predictor to use now for the given number of forecasts. */
    public Predictor predictor(int forecastCount) {
        int before = forecasts.get() < FIRST_FORECASTS ? forecasts.getAndAdd(forecastCount) : FIRST_FORECASTS;
        if (before < FIRST_FORECASTS && before + forecastCount >= FIRST_FORECASTS) Background.schedule(this, 0);
        return predictor;
    }

    /**
     * Runs the model on the kernels chosen for this JVM until their speed is stable, and switches to them. Returns the
     * number of runs. If the switch has already happened, it only waits for a stable speed.
     */
    public synchronized int run() {
        runs = 0;
        Kernels chosen = KernelSelection.active();
        if (predictor.kernels() == chosen) {
            steady(predictor);
            return runs;
        }
        Predictor candidate = new Predictor(model, chosen);
        long begin = System.nanoTime();
        boolean faster = false;
        while (!faster && System.nanoTime() - begin < MOST_NANOS) faster = steady(candidate) < block(predictor);
        Kernels unused = faster ? predictor.kernels() : chosen;
        for (int i = 0; faster && i < BLOCK; i++) forecast(candidate, candidate.tile());
        if (faster) predictor = candidate;
        for (Parameter parameter : model.parameters().values()) parameter.releasePacked(unused.matMul());
        return runs;
    }

    /** How often a warm-up repeats what it usually does this often: once where {@code ttm4j.shortWarmUp} is set. */
    public static int rounds(int usual) {
        return Boolean.getBoolean(SHORT) ? 1 : usual;
    }

    /** The stable time of a forecast in nanoseconds. */
    private long steady(Predictor measured) {
        long best = Long.MAX_VALUE;
        for (int calm = 0; calm < rounds(STEADY_BLOCKS); calm++) {
            long time = block(measured);
            if (time < IMPROVEMENT * best) calm = -1;
            best = Math.min(best, time);
        }
        return best;
    }

    /** The median time of {@link #BLOCK} forecasts in nanoseconds. */
    private long block(Predictor measured) {
        long[] nanos = new long[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            long begin = System.nanoTime();
            forecast(measured, 1);
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        return nanos[BLOCK / 2];
    }

    /** Forecasts a synthetic series with the given number of samples. */
    private void forecast(Predictor measured, int samples) {
        TtmConfig config = model.config();
        int inputs = config.mixesChannels() ? config.numInputChannels() : Math.max(samples, config.leastChannels());
        double[][] history = new double[inputs][config.contextLength()];
        for (double[] channel : history) {
            for (int t = 0; t < channel.length; t++) channel[t] = Math.sin(t * 2 * Math.PI / PERIOD);
        }
        double[][] future = config.needsKnownFuture()
                ? new double[config.exogenousChannels().length][config.outputLength()]
                : null;
        ForecastRun run = new ForecastRun(config, null, inputs, 0, new int[config.categoricalVocabSizeList().size()],
                false);
        run.begin(history, config.contextLength(), true, future, config.outputLength());
        measured.predict(run.samples(), 0, run.samples().past().length / measured.sampleSize());
        run.accept(measured);
        runs++;
    }

    /** The background thread, which ends when there is nothing to warm up. */
    private static final class Background {
        private static final ScheduledThreadPoolExecutor THREAD = thread();

        private static ScheduledThreadPoolExecutor thread() {
            ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1,
                    Thread.ofPlatform().daemon().name("ttm4j-warm-up").factory());
            executor.setKeepAliveTime(1, TimeUnit.SECONDS);
            executor.allowCoreThreadTimeOut(true);
            return executor;
        }

        static void schedule(WarmUp warmUp, int millis) {
            WeakReference<WarmUp> used = new WeakReference<>(warmUp);
            THREAD.schedule(() -> {
                WarmUp stillUsed = used.get();
                if (stillUsed != null && stillUsed.predictor.kernels() != KernelSelection.active()) stillUsed.run();
            }, millis, TimeUnit.MILLISECONDS);
        }
    }
}
