package org.ttm4j.ttm.train;

import org.ttm4j.autograd.optim.Schedule;
import org.ttm4j.ttm.TtmModel;

/**
 * Finds a learning rate: trains a copy of the model while the rate sweeps exponentially from 1e-6 to 1, and picks the
 * rate at which the smoothed loss falls most steeply. Each batch's loss is divided by that of the untouched model on the
 * same windows with the same dropout, so that what is left is what training did. Source: Smith 2017, arXiv:1506.01186.
 */
final class RangeTest {
    static final int BATCHES = 100;

    private static final double LEAST = 1e-6;
    private static final double MOST = 1;
    private static final double SMOOTHING = 0.8;
    /** The sweep ends where the loss has grown so much. */
    private static final double DIVERGED = 1.5;

    private RangeTest() {}

    /** The rate of a batch of the sweep. */
    static double rate(int batch) {
        return LEAST * Math.pow(MOST / LEAST, (double) batch / (BATCHES - 1));
    }

    /** A learning rate for a plan, whose schedule does not matter. The models are overwritten; both are as training begins. */
    static double learningRate(TtmModel swept, TtmModel still, WindowSource source, int channels, TrainingPlan plan)
            throws InterruptedException {
        double[] curve = new double[BATCHES];
        int length = 0;
        try (Trainer moving = new Trainer(swept, source, channels,
                plan.withSchedule(step -> rate((int) step), BATCHES));
                Trainer standing = new Trainer(still, source, channels, plan.withSchedule(step -> 0, BATCHES))) {
            double mean = 0;
            while (length < BATCHES) {
                mean = SMOOTHING * mean + (1 - SMOOTHING) * moving.step() / standing.step();
                curve[length] = mean / (1 - Math.pow(SMOOTHING, length + 1));
                if (!(curve[length++] < DIVERGED)) break;
            }
        } catch (ArithmeticException diverged) {
            // The curve ends here.
        }
        return rate(steepest(curve, length));
    }

    /** The batch before the lowest point of the curve at which it falls most steeply. */
    static int steepest(double[] curve, int length) {
        int lowest = 0;
        for (int i = 1; i < length; i++) if (curve[i] < curve[lowest]) lowest = i;
        int best = 0;
        double steepest = Double.POSITIVE_INFINITY;
        for (int i = 1; i < lowest; i++) {
            double slope = curve[i + 1] - curve[i - 1];
            if (slope >= steepest) continue;
            steepest = slope;
            best = i;
        }
        return best;
    }
}
