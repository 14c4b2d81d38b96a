package org.ttm4j.ttm.train;

import org.ttm4j.ttm.config.TtmConfig;

/**
 * How to fine-tune. Immutable.
 *
 * @param horizon steps to forecast, at most the model's; 0 for all of them
 * @param channelMixing whether the decoder is to mix channels
 * @param freezeBackbone whether only decoder and head are trained
 * @param loss on standardised values
 * @param quantile of the pinball loss
 * @param learningRate the peak rate; 0 has a range test find it
 * @param epochs at most so many times through the training windows
 * @param batch windows a step: of one channel each, or whole windows where the model mixes channels
 * @param patience epochs without a better validation loss after which training ends
 * @param headDropout in decoder and head
 * @param seed of all that is drawn
 * @param threads the result depends on their number in the last bits
 */
public record FineTuningOptions(int horizon, boolean channelMixing, boolean freezeBackbone, TtmConfig.Loss loss,
        double quantile, double learningRate, int epochs, int batch, int patience, double headDropout, long seed,
        int threads) {

    /** @throws IllegalArgumentException naming the component that is impossible */
    public FineTuningOptions {
        require(horizon >= 0, "horizon", horizon, "0 or more");
        require(loss != TtmConfig.Loss.NONE, "loss", loss, "one to train on");
        require(quantile > 0 && quantile < 1, "quantile", quantile, "a number in (0, 1)");
        require(learningRate >= 0 && learningRate <= 1, "learning rate", learningRate, "0 to 1");
        require(epochs >= 1, "epochs", epochs, "at least 1");
        require(batch >= 1, "batch", batch, "at least 1");
        require(patience >= 1, "patience", patience, "at least 1");
        require(headDropout >= 0 && headDropout < 1, "head dropout", headDropout, "a number in [0, 1)");
        require(threads >= 1, "threads", threads, "at least 1");
    }

    private static void require(boolean holds, String name, Object value, String expected) {
        if (!holds) throw new IllegalArgumentException(name + " " + value + ": expected " + expected);
    }

    /** Frozen backbone, mean squared error, a range test, up to 50 epochs of batches of 64, all processors. */
    public static FineTuningOptions defaults() {
        return new FineTuningOptions(0, false, true, TtmConfig.Loss.MSE, 0.5, 0, 50, 64, 10, 0.5, 1,
                Runtime.getRuntime().availableProcessors());
    }
}
