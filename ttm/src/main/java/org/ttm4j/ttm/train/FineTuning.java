package org.ttm4j.ttm.train;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.ttm4j.autograd.optim.Schedule;
import org.ttm4j.ttm.TtmConfig;
import org.ttm4j.ttm.TtmModel;

/**
 * Adapts a pre-trained model to series of one's own. With a frozen backbone only the light parts behind it are trained,
 * which takes a minute for a few thousand windows.
 *
 * <pre>{@code
 * TtmModel model = TtmModel.of(Forecaster.bundledCheckpoint());
 * FineTuned tuned = FineTuning.run(model, data, FineTuningOptions.defaults(), (epoch, best) -> {});
 * tuned.save(Path.of("my-model"));
 * }</pre>
 *
 * AdamW with a one-cycle learning rate on a moving average of the weights; after each epoch the average is measured on
 * the validation windows, and training ends when that has not improved for a while. The pre-trained model takes part as
 * epoch 0, and at the end so do the models on the line from it to the best epoch: the result never has a greater
 * validation loss than the model that it started from.
 */
public final class FineTuning {
    /** One-channel windows that are measured after each epoch: neighbours differ little, so more would tell no more. */
    private static final int MOST_VALIDATION = 4096;
    private static final double WEIGHT_DECAY = 0.01;
    private static final double MAX_GRADIENT_NORM = 1;
    private static final double AVERAGE_DECAY = 0.99;
    /** On the line from the pre-trained weights to the best epoch's. */
    private static final float[] SHARES = {0.25f, 0.5f, 0.75f};

    private final TtmModel base;
    private final FineTuningOptions options;
    private final TtmConfig config;
    private final Listener listener;
    private final Adaptation adaptation;
    private final FineTuningData data;
    private final List<Epoch> epochs = new ArrayList<>();

    /** Is told of every epoch. */
    @FunctionalInterface
    public interface Listener {
        /**
         * After an epoch is measured.
         *
         * @param best the best model so far; it changes from call to call, so it is to be saved, if at all, within it
         */
        void epoch(Epoch epoch, FineTuned best);
    }

    /**
     * One time through the training windows.
     *
     * @param number 0 is the model before training
     * @param trainingLoss with dropout, the mean over the epoch; NaN before training
     * @param validationLoss of the moving average of the weights
     * @param best whether no epoch before was as good
     * @param left time that the epochs left would take
     */
    public record Epoch(int number, double trainingLoss, double validationLoss, boolean best, Duration left) {}

    private FineTuning(TtmModel base, FineTuningData data, FineTuningOptions options, Listener listener) {
        this.base = base;
        this.data = data;
        this.options = options;
        this.listener = listener;
        config = Adaptation.configuration(base.config(), data.channels(), options);
        adaptation = adapt();
    }

    private Adaptation adapt() {
        Adaptation made = Adaptation.of(base, config, options.seed());
        made.model().freeze("backbone.", options.freezeBackbone());
        return made;
    }

    /**
     * Fine-tunes a copy of a model; the same seed and threads give the same result, bit for bit.
     *
     * @throws IllegalArgumentException when model, channels and options do not fit, or there is no window to train or to
     *     validate on
     */
    public static FineTuned run(TtmModel base, FineTuningData data, FineTuningOptions options, Listener listener)
            throws InterruptedException {
        return new FineTuning(base, data, options, listener).run();
    }

    private FineTuned run() throws InterruptedException {
        RowWindows training = windows("training", FineTuningData.Series::train, Integer.MAX_VALUE);
        RowWindows validation = windows("validation", FineTuningData.Series::validation,
                Math.max(1, MOST_VALIDATION / (config.mixesChannels() ? data.channels().inputs().size() : 1)));
        long memory = Runtime.getRuntime().maxMemory() / 4;
        TtmModel model = adaptation.model();
        WindowSource encoded = EncodedWindows.of(training, model, memory, options.threads());
        WindowSource source = new ShuffledWindows(encoded, training.size(), options.seed());
        TtmModel kept = adapt().model();
        HeldOut heldOut = new HeldOut(kept, EncodedWindows.of(validation, model, memory, options.threads()),
                validation.size(), validation.channels(), options.threads());
        long stepsPerEpoch = Math.max(1, training.size() / options.batch());
        TrainingPlan plan = plan(training.channels(), stepsPerEpoch);
        double rate = options.learningRate();
        Weights start = Weights.of(model);
        Weights best = start;
        double lowest = heldOut.loss();
        double before = lowest;
        report(new Epoch(0, Double.NaN, lowest, true, Duration.ZERO), kept, 0, rate);
        if (rate == 0)
            rate = RangeTest.learningRate(adapt().model(), adapt().model(), source, training.channels(), plan);
        int bestEpoch = 0;
        long began = System.nanoTime();
        Schedule schedule = Schedule.oneCycle(rate, plan.steps());
        try (Trainer trainer = new Trainer(model, source, training.channels(),
                plan.withSchedule(schedule, plan.steps()))) {
            for (int epoch = 1; epoch <= options.epochs() && epoch - bestEpoch <= options.patience(); epoch++) {
                double loss = 0;
                for (long i = 0; i < stepsPerEpoch; i++) loss += trainer.step() / stepsPerEpoch;
                Weights now = Weights.of(trainer.result());
                now.into(kept);
                double validationLoss = heldOut.loss();
                boolean improved = validationLoss < lowest;
                if (improved) {
                    best = now;
                    bestEpoch = epoch;
                    lowest = validationLoss;
                }
                best.into(kept);
                Duration left = Duration.ofNanos((System.nanoTime() - began) / epoch * (options.epochs() - epoch));
                report(new Epoch(epoch, loss, validationLoss, improved, left), kept, 1, rate);
            }
        } catch (ArithmeticException diverged) {
            // What was best before is the result.
        }
        float share = bestEpoch == 0 ? 0 : 1;
        if (bestEpoch > 0) {
            for (float candidate : SHARES) {
                start.towards(best, candidate).into(kept);
                double loss = heldOut.loss();
                if (loss >= lowest) continue;
                lowest = loss;
                share = candidate;
            }
            start.towards(best, share).into(kept);
        }
        System.err.printf("before %.5f after %.5f epoch %d share %.2f rate %.2e%n", before, lowest, bestEpoch, share,
                rate);
        return result(kept, share, rate);
    }

    private RowWindows windows(String what, FineTuningData.RowsOf rows, int most) {
        RowWindows windows = new RowWindows(config, data, rows, most);
        if (windows.size() > 0) return windows;
        throw new IllegalArgumentException("the " + what + " rows hold no window of " + config.contextLength() + " + "
                + config.outputLength() + " rows");
    }

    private TrainingPlan plan(int channels, long stepsPerEpoch) {
        int batch = options.batch();
        int micro = Math.max(1, Math.min(Backbone.tile(channels), batch / options.threads()));
        if (config.normMlp() == TtmConfig.Norm.BATCH) micro = batch;
        while (batch % micro != 0) micro--;
        return new TrainingPlan(stepsPerEpoch * options.epochs(), batch, micro, options.threads(), options.seed(),
                step -> 0, WEIGHT_DECAY, MAX_GRADIENT_NORM, AVERAGE_DECAY);
    }

    private void report(Epoch epoch, TtmModel best, float share, double rate) {
        epochs.add(epoch);
        listener.epoch(epoch, result(best, share, rate));
    }

    private FineTuned result(TtmModel model, float share, double rate) {
        return new FineTuned(model, data.channels(), options, adaptation.initialized(), rate, List.copyOf(epochs),
                share);
    }
}
