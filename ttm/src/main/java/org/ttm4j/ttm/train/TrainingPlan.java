package org.ttm4j.ttm.train;

import org.ttm4j.autograd.optim.Schedule;

/**
 * How to train.
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

    public TrainingPlan {
        if (steps < 1 || batch < 1 || threads < 1) {
            throw new IllegalArgumentException("steps, batch and threads are at least 1");
        }
        if (microBatch < 1 || batch % microBatch != 0) {
            throw new IllegalArgumentException(
                    "batch " + batch + " is not a multiple of the micro-batch " + microBatch);
        }
    }

    /** The same with another schedule, of so many steps. */
    public TrainingPlan withSchedule(Schedule other, long count) {
        return new TrainingPlan(count, batch, microBatch, threads, seed, other, weightDecay, maxGradientNorm,
                averageDecay);
    }

    /** The same without a moving average of the weights. */
    public TrainingPlan withoutAverage() {
        return new TrainingPlan(steps, batch, microBatch, threads, seed, schedule, weightDecay, maxGradientNorm, 0);
    }
}
