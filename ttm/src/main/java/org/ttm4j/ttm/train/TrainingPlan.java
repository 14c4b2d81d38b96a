package org.ttm4j.ttm.train;

import org.ttm4j.autograd.optim.Schedule;

/**
 * How to train. Immutable.
 *
 * @param steps optimiser steps
 * @param batch windows a step
 * @param microBatch windows that a thread carries forward and backward at once: small enough to stay in cache; a step's
 *     loss is the mean of its micro-batches' means; {@code batch} is a multiple of it
 * @param threads worker threads; the result depends on their number in the last bits, so state it with the seed
 * @param seed of dropout
 * @param schedule learning rate of each step
 * @param weightDecay of AdamW
 * @param maxGradientNorm gradients are scaled down to this norm; infinity for no clipping
 * @param averageDecay of the exponential moving average of the weights, 0 for none. Early on the decay is smaller:
 *     min(decay, (1 + step)/(10 + step))
 */
public record TrainingPlan(long steps, int batch, int microBatch, int threads, long seed, Schedule schedule,
        double weightDecay, double maxGradientNorm, double averageDecay) {
    /** More windows a step than this are an error, as are more threads: either would only exhaust the memory. */
    public static final int MOST_BATCH = 1 << 16;
    public static final int MOST_THREADS = 1024;

    /** @throws IllegalArgumentException naming the component that is impossible and its range */
    public TrainingPlan {
        require(steps >= 1, "steps", steps, "at least 1");
        require(batch >= 1 && batch <= MOST_BATCH, "batch", batch, "1 to " + MOST_BATCH);
        require(threads >= 1 && threads <= MOST_THREADS, "threads", threads, "1 to " + MOST_THREADS);
        require(weightDecay >= 0 && weightDecay <= 1, "weight decay", weightDecay, "0 to 1");
        require(maxGradientNorm > 0, "max gradient norm", maxGradientNorm, "more than 0");
        require(averageDecay >= 0 && averageDecay <= 1, "average decay", averageDecay, "0 to 1");
        if (microBatch < 1 || batch % microBatch != 0) {
            throw new IllegalArgumentException(
                    "batch " + batch + " is not a multiple of the micro-batch " + microBatch);
        }
    }

    static void require(boolean holds, String name, Object value, String expected) {
        if (!holds) throw new IllegalArgumentException(name + " " + value + ": expected " + expected);
    }

    /** 2,000 steps of 384 windows on all processors, one cycle to a rate of 2e-3, an average of decay 0.999. */
    public static TrainingPlan defaults() {
        int processors = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        return new TrainingPlan(2000, 384, 32, processors, 1, Schedule.oneCycle(2e-3, 2000), 0.01, 1, 0.999);
    }

    /** The same with another schedule, of so many steps. */
    public TrainingPlan withSchedule(Schedule other, long count) {
        return new TrainingPlan(count, batch, microBatch, threads, seed, other, weightDecay, maxGradientNorm,
                averageDecay);
    }

    /** The same with so many windows a step, of which a thread carries so many at once. */
    public TrainingPlan withBatch(int windows, int atOnce) {
        return new TrainingPlan(steps, windows, atOnce, threads, seed, schedule, weightDecay, maxGradientNorm,
                averageDecay);
    }

    public TrainingPlan withThreads(int count) {
        return new TrainingPlan(steps, batch, microBatch, count, seed, schedule, weightDecay, maxGradientNorm,
                averageDecay);
    }

    public TrainingPlan withSeed(long number) {
        return new TrainingPlan(steps, batch, microBatch, threads, number, schedule, weightDecay, maxGradientNorm,
                averageDecay);
    }

    public TrainingPlan withWeightDecay(double decay) {
        return new TrainingPlan(steps, batch, microBatch, threads, seed, schedule, decay, maxGradientNorm,
                averageDecay);
    }

    public TrainingPlan withMaxGradientNorm(double norm) {
        return new TrainingPlan(steps, batch, microBatch, threads, seed, schedule, weightDecay, norm, averageDecay);
    }

    public TrainingPlan withAverageDecay(double decay) {
        return new TrainingPlan(steps, batch, microBatch, threads, seed, schedule, weightDecay, maxGradientNorm, decay);
    }
}
