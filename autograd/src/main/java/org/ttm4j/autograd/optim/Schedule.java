package org.ttm4j.autograd.optim;

/** A learning rate for each step of a run, step 0 first. Implementations are immutable. */
@FunctionalInterface
public interface Schedule {
    /** The learning rate of a step; steps count from 0. */
    double learningRate(long step);

    /**
     * PyTorch's {@code OneCycleLR} with cosine annealing: from max/25 up to max over 30 % of the steps, then down to
     * max/250,000. Source: Smith and Topin 2018, arXiv:1708.07120.
     */
    static Schedule oneCycle(double max, long steps) {
        double top = 0.3 * steps - 1;
        return step -> step <= top
                ? cosine(max / 25, max, top <= 0 ? 1 : step / top)
                : cosine(max, max / 250_000, Math.min(1, (step - top) / (steps - 1 - top)));
    }

    /** Linear warm-up over {@code warmup} steps to max, then a half cosine down to {@code min} at the last step. */
    static Schedule cosineWithWarmup(double max, double min, long warmup, long steps) {
        return step -> step < warmup
                ? max * (step + 1) / warmup
                : cosine(max, min, Math.min(1, (double) (step - warmup) / Math.max(1, steps - 1 - warmup)));
    }

    /**
     * Warm-up, stable rate, decay: linear over {@code warmUp} steps to max, max, and over the last {@code decay} steps
     * max · (1 − √progress), close to 0 at the last one. Before the decay, a rate does not depend on {@code steps}.
     * Source: Hägele et al. 2024, arXiv:2405.18392.
     */
    static Schedule warmupStableDecay(double max, long warmUp, long decay, long steps) {
        return step -> {
            long left = steps - step;
            if (left <= decay) return max * (1 - Math.sqrt(1 - (double) left / (decay + 1)));
            return max * Math.min(1, (step + 1.0) / warmUp);
        };
    }

    private static double cosine(double from, double to, double progress) {
        return to + (from - to) * (1 + Math.cos(Math.PI * progress)) / 2;
    }
}
