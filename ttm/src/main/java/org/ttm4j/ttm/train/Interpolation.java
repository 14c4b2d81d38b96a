package org.ttm4j.ttm.train;

import java.util.stream.IntStream;
import org.ttm4j.ttm.TtmModel;

/**
 * Chooses how far to go on the line from pre-trained weights to trained ones (Wortsman et al. 2022, arXiv:2109.01903).
 * Validation rows say little of the rows behind them where all the improvement comes from one stretch of time. So they
 * are cut into consecutive blocks, and a share counts by the mean of the blocks' relative gains less its standard error,
 * as in the one-standard-error rule (Breiman et al. 1984, <i>Classification and Regression Trees</i>, 3.4.3).
 */
final class Interpolation {
    private static final int SHARES = 10;

    private Interpolation() {}

    /**
     * The share, in tenths, that gains most for sure; 0 when none does.
     *
     * @param model is measured by heldOut; holds the weights at the chosen share afterwards
     */
    static Chosen choose(Weights start, Weights end, TtmModel model, HeldOut heldOut) throws InterruptedException {
        start.into(model);
        HeldOut.Losses before = heldOut.losses();
        Chosen chosen = new Chosen(0, before.mean());
        double most = 0;
        for (int i = 1; i <= SHARES; i++) {
            double share = (double) i / SHARES;
            start.towards(end, (float) share).into(model);
            HeldOut.Losses after = heldOut.losses();
            double gain = sureGain(before, after);
            if (gain <= most || after.mean() >= before.mean()) continue;
            most = gain;
            chosen = new Chosen(share, after.mean());
        }
        start.towards(end, (float) chosen.share).into(model);
        return chosen;
    }

    /**
     * Where on the line.
     *
     * @param share of the way, 0 to 1
     * @param loss there
     */
    record Chosen(double share, double loss) {}

    /** The mean of the blocks' gains 1 − after / before less its standard error; the mean alone of a single block. */
    static double sureGain(HeldOut.Losses before, HeldOut.Losses after) {
        double[] gains = IntStream.range(0, before.blocks().length)
                .filter(block -> before.blocks()[block] > 0)
                .mapToDouble(block -> 1 - after.blocks()[block] / before.blocks()[block])
                .toArray();
        int count = gains.length;
        double mean = IntStream.range(0, count).mapToDouble(i -> gains[i]).sum() / Math.max(1, count);
        double squares = IntStream.range(0, count).mapToDouble(i -> (gains[i] - mean) * (gains[i] - mean)).sum();
        return count < 2 ? mean : mean - Math.sqrt(squares / (count - 1) / count);
    }
}
