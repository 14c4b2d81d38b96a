package org.ttm4j.bench;

import java.util.Arrays;
import org.ttm4j.ttm.train.Trainer;
import org.ttm4j.ttm.train.TrainingPlan;
import org.ttm4j.ttm.train.WindowSource;

/** This library's training step: forward with dropout, backward, AdamW, on one-channel windows. Not thread-safe. */
public final class TtmTraining implements AutoCloseable {
    private final Trainer trainer;

    /** A training of {@link BenchModel#random} with this batch (a multiple of the micro-batch) on so many threads. */
    public TtmTraining(int batch, int microBatch, int threads) {
        TrainingPlan plan = TrainingPlan.defaults()
                .withSchedule(step -> 1e-3, Long.MAX_VALUE)
                .withBatch(batch, microBatch)
                .withThreads(threads)
                .withMaxGradientNorm(Double.POSITIVE_INFINITY)
                .withAverageDecay(0);
        trainer = new Trainer(BenchModel.random(), windows(microBatch), 1, plan);
    }

    /** Takes a step; returns the loss. */
    public double step() throws InterruptedException {
        return trainer.step();
    }

    /** A few windows again and again: the peer reads no data either. */
    private static WindowSource windows(int count) {
        float[] contexts = BenchModel.contexts(count);
        return (window, index) -> {
            int at = (int) (index % count) * BenchModel.CONTEXT;
            System.arraycopy(contexts, at, window.past(), 0, BenchModel.CONTEXT);
            System.arraycopy(contexts, at, window.target(), 0, BenchModel.HORIZON);
            Arrays.fill(window.mask(), 1);
            Arrays.fill(window.targetMask(), 1);
        };
    }

    @Override
    public void close() {
        trainer.close();
    }
}
