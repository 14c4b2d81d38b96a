package org.ttm4j.ttm.train;

import org.ttm4j.autograd.optim.Schedule;

/**
 * The settings of training. Immutable.
 *
 * @param steps optimiser steps
 * @param batch windows per step
 * @param microBatch windows that a thread runs forward and backward together, few enough to stay in the cache; the loss
 *     of a step is the mean of the means of its micro-batches; {@code batch} must be a multiple of it
 * @param threads worker threads; the last bits of the result depend on their number, so report it together with the
 *     seed
 * @param seed the seed of dropout
 * @param schedule learning rate of each step
 * @param weightDecay the weight decay of AdamW
 * @param maxGradientNorm gradients are scaled down to this norm; infinity for no clipping
 * @param averageDecay the decay of the exponential moving average of the weights; 0 for no average. In early steps the
 *     decay is smaller: min(decay, (1 + step)/(10 + step))
 */
public record TrainingPlan(long steps, int batch, int microBatch, int threads, long seed, Schedule schedule,
        double weightDecay, double maxGradientNorm, double averageDecay) {
    /** The largest batch. Larger batches, and more threads than {@link #MOST_THREADS}, would exhaust the memory. */
    public static final int MOST_BATCH = 1 << 16;
    public static final int MOST_THREADS = 1024;

    /** @throws IllegalArgumentException naming a component that is out of range, and its range */
    public TrainingPlan {
        require(steps >= 1, "steps", steps, "at least 1");
        require(batch >= 1 && batch <= MOST_BATCH, "batch", batch, "1 to " + MOST_BATCH);
        require(threads >= 1 && threads <= MOST_THREADS, "threads", threads, "1 to " + MOST_THREADS);
        require(schedule != null, "schedule", schedule, "one, such as Schedule.oneCycle");
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

    /** This plan with another schedule and number of steps. */
    public TrainingPlan withSchedule(Schedule other, long count) {
        return new TrainingPlan(count, batch, microBatch, threads, seed, other, weightDecay, maxGradientNorm,
                averageDecay);
    }

    /** This plan with another batch and micro-batch. */
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
