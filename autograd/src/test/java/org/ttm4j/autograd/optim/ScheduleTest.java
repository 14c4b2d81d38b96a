package org.ttm4j.autograd.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ScheduleTest {

    /** {@code OneCycleLR(max_lr=1, total_steps=10)}: start 1/25, peak at step 0.3·10 − 1, end 1/250,000. */
    @Test
    void oneCycleIsPyTorchs() {
        Schedule schedule = Schedule.oneCycle(1, 10);
        double end = 1 / 25.0 / 1e4;
        double[] expected = {0.04, 0.52, 1, half(1, end, 1 / 7.0), half(1, end, 2 / 7.0), half(1, end, 3 / 7.0),
                half(1, end, 4 / 7.0), half(1, end, 5 / 7.0), half(1, end, 6 / 7.0), end};
        for (int step = 0; step < 10; step++) {
            assertEquals(expected[step], schedule.learningRate(step), 1e-12, "step " + step);
        }
        assertEquals(end, schedule.learningRate(12), 1e-12, "stays at the end");
        assertEquals(0.02, Schedule.oneCycle(0.5, 10).learningRate(0), 1e-12);
    }

    /** The peak lies between two steps: pct_start·total_steps − 1 = 1.1. */
    @Test
    void oneCycleWithAPeakBetweenSteps() {
        Schedule schedule = Schedule.oneCycle(1, 7);
        assertEquals(half(0.04, 1, 1 / 1.1), schedule.learningRate(1), 1e-12);
        assertEquals(half(1, 4e-6, 0.9 / 4.9), schedule.learningRate(2), 1e-12);
        assertEquals(4e-6, schedule.learningRate(6), 1e-12);
    }

    @Test
    void oneCycleOfFewSteps() {
        for (int steps = 1; steps <= 4; steps++) {
            Schedule schedule = Schedule.oneCycle(1, steps);
            assertEquals(4e-6, schedule.learningRate(steps - 1), 1e-12, "last of " + steps);
            for (int step = 0; step < steps; step++) {
                double rate = schedule.learningRate(step);
                assertEquals(rate, Math.min(1, Math.max(4e-6, rate)), "step " + step + " of " + steps);
            }
        }
    }

    @Test
    void cosineWithWarmup() {
        Schedule schedule = Schedule.cosineWithWarmup(1, 0.1, 4, 9);
        double[] expected = {0.25, 0.5, 0.75, 1, 1, half(1, 0.1, 0.25), 0.55, half(1, 0.1, 0.75), 0.1, 0.1};
        for (int step = 0; step < expected.length; step++) {
            assertEquals(expected[step], schedule.learningRate(step), 1e-12, "step " + step);
        }
        assertEquals(1, Schedule.cosineWithWarmup(1, 0.1, 0, 1).learningRate(0), 1e-12);
    }

    /** Until the decay, a longer plan has the same rates. */
    @Test
    void warmupStableDecay() {
        Schedule schedule = Schedule.warmupStableDecay(2, 4, 3, 10);
        double[] expected = {0.5, 1, 1.5, 2, 2, 2, 2, 2 * (1 - Math.sqrt(0.25)), 2 * (1 - Math.sqrt(0.5)),
                2 * (1 - Math.sqrt(0.75))};
        for (int step = 0; step < expected.length; step++) {
            assertEquals(expected[step], schedule.learningRate(step), 1e-12, "step " + step);
            double longer = Schedule.warmupStableDecay(2, 4, 3, 20).learningRate(step);
            assertEquals(step < 7 ? expected[step] : 2, longer, 1e-12, "step " + step);
        }
        assertEquals(0, Schedule.warmupStableDecay(2, 0, 3, 10).learningRate(10), 1e-12);
    }

    private static double half(double from, double to, double progress) {
        return to + (from - to) / 2 * (1 + Math.cos(Math.PI * progress));
    }
}
