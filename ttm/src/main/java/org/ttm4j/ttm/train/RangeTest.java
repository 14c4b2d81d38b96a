package org.ttm4j.ttm.train;

import org.ttm4j.ttm.model.TtmModel;

/**
 * Finds a learning rate: trains a model while the rate grows exponentially from 1e-6 to 1, and returns the rate at
 * which the loss falls most steeply. The loss is measured on the same validation windows after every batch, so it has
 * no sampling noise. With few training windows it begins to rise at much smaller rates than the training loss. Source:
 * Smith 2017, arXiv:1506.01186.
 */
final class RangeTest {
    static final int BATCHES = 100;

    private static final double LEAST = 1e-6;
    private static final double MOST = 1;
    /** The sweep ends when the loss exceeds this multiple of the loss before it. */
    private static final double DIVERGED = 1.1;

    private RangeTest() {}

    static double rate(long batch) {
        return LEAST * Math.pow(MOST / LEAST, (double) batch / (BATCHES - 1));
    }

    /**
     * Finds a peak learning rate for a plan, whose own schedule is ignored.
     *
     * @param model the model to train, which is changed
     * @param heldOut measures this model
     */
    static double learningRate(TtmModel model, WindowSource source, int channels, TrainingPlan plan, HeldOut heldOut)
            throws InterruptedException {
        double[] curve = new double[BATCHES + 1];
        curve[0] = heldOut.loss();
        int length = 1;
        try (Trainer trainer = new Trainer(model, source, channels,
                plan.withSchedule(RangeTest::rate, BATCHES).withAverageDecay(0))) {
            while (length < curve.length && curve[length - 1] < DIVERGED * curve[0]) {
                trainer.step();
                curve[length++] = heldOut.loss();
            }
        } catch (TrainingDivergedException expected) {
            // High rates make any model diverge: the curve ends here.
        }
        return rate(steepest(curve, length));
    }

    /** The batch, before the minimum of the curve, at which the curve falls most steeply. */
    static int steepest(double[] curve, int length) {
        int lowest = 0;
        for (int i = 1; i < length; i++) if (curve[i] < curve[lowest]) lowest = i;
        int best = 0;
        double steepest = 0;
        for (int i = 0; i < lowest; i++) {
            // The fall is taken over up to three batches to reduce noise.
            double fall = curve[Math.max(0, i - 1)] - curve[Math.min(lowest, i + 2)];
            if (fall <= steepest) continue;
            steepest = fall;
            best = i;
        }
        return best;
    }
}
