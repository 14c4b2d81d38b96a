package org.ttm4j.bench;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.run.Predictor;
import org.ttm4j.ttm.series.Parallel;

/** This library's ways to forecast a number of independent series. Not thread-safe. */
public final class TtmForecast implements AutoCloseable {
    private static final int ALLOCATION_ROUNDS = 3;

    private final ModelForecaster forecaster;
    private final float[][] history;
    private final float[][] result;
    private final Predictor predictor;
    private final Predictor.Samples samples;
    private final int series;
    /** The second thread: the calling one is the first. */
    private final ExecutorService helper = Parallel.pool(1);

    /** @param contexts as of {@link BenchModel#contexts} */
    public TtmForecast(TtmModel model, float[] contexts) {
        series = contexts.length / BenchModel.CONTEXT;
        forecaster = Forecaster.of(model).fast();
        history = new float[series][];
        for (int s = 0; s < series; s++) {
            history[s] = Arrays.copyOfRange(contexts, s * BenchModel.CONTEXT, (s + 1) * BenchModel.CONTEXT);
        }
        result = new float[series][BenchModel.HORIZON];
        float[] mask = new float[contexts.length];
        Arrays.fill(mask, 1);
        predictor = new Predictor(model, KernelSelection.active());
        samples = new Predictor.Samples(contexts, mask, null, null, null, new float[series * BenchModel.HORIZON], null,
                null);
    }

    /** The call that a program makes: checks and all, from and to its own arrays, on its own thread. */
    public float[][] forecast() {
        forecaster.forecast(history, result);
        return result;
    }

    /** The forward pass alone, on prepared samples; series × horizon. */
    public float[] predict() {
        predictor.predict(samples, 0, series);
        return samples.forecast();
    }

    /** As {@link #predict}, shared by two threads. */
    public float[] predictOnTwoThreads() {
        predictor.predict(List.of(samples), helper, () -> {});
        return samples.forecast();
    }

    /** Bytes that a warm {@link #forecast} allocates: the least of some rounds, as what happens once is not its own. */
    double allocatedBytes(int calls) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        double least = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ALLOCATION_ROUNDS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < calls; i++) forecast();
            least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / (double) calls);
        }
        return least;
    }

    @Override
    public void close() {
        helper.shutdownNow();
    }
}
