package org.ttm4j.ttm.train;

import static org.ttm4j.ttm.train.TrainingPlan.require;

import java.io.Serializable;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * The options of fine-tuning. Immutable.
 *
 * <pre>{@code
 * FineTuningOptions options = FineTuningOptions.defaults().withHorizon(24).withSeed(7);
 * }</pre>
 *
 * @param horizon the steps to forecast in one pass; 0 for the model's horizon
 * @param channelMixing true if the decoder should mix channels
 * @param frozen the parts that are not trained
 * @param loss the loss of the forecast, on standardised values; a model with a quantile head adds the loss of its
 *     quantiles
 * @param quantile the quantile of the pinball loss
 * @param learningRate the peak rate; 0 to find it by a range test
 * @param epochs the most passes through the training windows
 * @param batch the windows per step: of one channel each or, if the model mixes channels, of all channels; reduced
 *     to the training windows in whole 64s, but not below 64
 * @param patience the epochs without a better validation loss after which training ends
 * @param headDropout the dropout rate in decoder and head
 * @param seed the seed of all random numbers
 * @param threads the number of threads; the last bits of the result depend on it
 */
public record FineTuningOptions(int horizon, boolean channelMixing, Frozen frozen, TtmConfig.Loss loss, double quantile,
        double learningRate, int epochs, int batch, int patience, double headDropout, long seed,
        int threads) implements Serializable {
    /** What is not trained. */
    public enum Frozen {
        /** The backbone; decoder and heads are trained. */
        BACKBONE,
        /** All parameters except biases, for training on few windows. Source: arXiv:2106.10199. */
        WEIGHTS,
        /** Nothing. */
        NONE
    }

    private static final int MOST_EPOCHS = 1_000_000;

    /** @throws IllegalArgumentException naming a component that is out of range, and its range */
    public FineTuningOptions {
        require(horizon >= 0, "horizon", horizon, "0 or more");
        require(frozen != null, "frozen", frozen, "the parts that are not trained, such as NONE");
        require(loss != null && loss != TtmConfig.Loss.NONE, "loss", loss, "one to train on");
        require((float) quantile > 0 && (float) quantile < 1, "quantile", quantile, "a number between 0 and 1");
        require(learningRate >= 0 && learningRate <= 1, "learning rate", learningRate, "0 to 1");
        require(epochs >= 1 && epochs <= MOST_EPOCHS, "epochs", epochs, "1 to " + MOST_EPOCHS);
        require(batch >= 1 && batch <= TrainingPlan.MOST_BATCH, "batch", batch, "1 to " + TrainingPlan.MOST_BATCH);
        require(patience >= 1, "patience", patience, "at least 1");
        require(headDropout >= 0 && (float) headDropout < 1, "head dropout", headDropout, "0 to less than 1");
        require(threads >= 1 && threads <= TrainingPlan.MOST_THREADS, "threads", threads,
                "1 to " + TrainingPlan.MOST_THREADS);
    }

    /** Frozen backbone, mean squared error, a range test, up to 50 epochs of batches of 64, all processors. */
    public static FineTuningOptions defaults() {
        return new FineTuningOptions(0, false, Frozen.BACKBONE, TtmConfig.Loss.MSE, 0.5, 0, 50, 64, 10, 0.2, 1,
                TrainingPlan.defaults().threads());
    }

    public FineTuningOptions withHorizon(int steps) {
        return new FineTuningOptions(steps, channelMixing, frozen, loss, quantile, learningRate, epochs, batch,
                patience, headDropout, seed, threads);
    }

    public FineTuningOptions withChannelMixing(boolean mixes) {
        return new FineTuningOptions(horizon, mixes, frozen, loss, quantile, learningRate, epochs, batch, patience,
                headDropout, seed, threads);
    }

    public FineTuningOptions withFrozen(Frozen part) {
        return new FineTuningOptions(horizon, channelMixing, part, loss, quantile, learningRate, epochs, batch,
                patience, headDropout, seed, threads);
    }

    public FineTuningOptions withLoss(TtmConfig.Loss function) {
        return new FineTuningOptions(horizon, channelMixing, frozen, function, quantile, learningRate, epochs, batch,
                patience, headDropout, seed, threads);
    }

    public FineTuningOptions withQuantile(double level) {
        return new FineTuningOptions(horizon, channelMixing, frozen, loss, level, learningRate, epochs, batch, patience,
                headDropout, seed, threads);
    }

    public FineTuningOptions withLearningRate(double peak) {
        return new FineTuningOptions(horizon, channelMixing, frozen, loss, quantile, peak, epochs, batch, patience,
                headDropout, seed, threads);
    }

    public FineTuningOptions withEpochs(int most) {
        return new FineTuningOptions(horizon, channelMixing, frozen, loss, quantile, learningRate, most, batch,
                patience, headDropout, seed, threads);
    }

    public FineTuningOptions withBatch(int windows) {
        return new FineTuningOptions(horizon, channelMixing, frozen, loss, quantile, learningRate, epochs, windows,
                patience, headDropout, seed, threads);
    }

    public FineTuningOptions withPatience(int most) {
        return new FineTuningOptions(horizon, channelMixing, frozen, loss, quantile, learningRate, epochs, batch, most,
                headDropout, seed, threads);
    }

    public FineTuningOptions withHeadDropout(double share) {
        return new FineTuningOptions(horizon, channelMixing, frozen, loss, quantile, learningRate, epochs, batch,
                patience, share, seed, threads);
    }

    public FineTuningOptions withSeed(long number) {
        return new FineTuningOptions(horizon, channelMixing, frozen, loss, quantile, learningRate, epochs, batch,
                patience, headDropout, number, threads);
    }

    public FineTuningOptions withThreads(int count) {
        return new FineTuningOptions(horizon, channelMixing, frozen, loss, quantile, learningRate, epochs, batch,
                patience, headDropout, seed, count);
    }
}
