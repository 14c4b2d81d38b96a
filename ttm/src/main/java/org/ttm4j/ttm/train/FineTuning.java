package org.ttm4j.ttm.train;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.ttm4j.autograd.optim.Schedule;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Rows;
import org.ttm4j.ttm.train.Interpolation.Weights;

/**
 * Adapts a pre-trained model to given series. With a frozen backbone only the small decoder and heads are trained,
 * which takes a minute for a few thousand windows.
 *
 * <pre>{@code
 * TtmModel model = TtmModel.of(BundledModels.checkpoint("512-96"));
 * FineTuned tuned = FineTuning.run(model, data, FineTuningOptions.defaults(), (epoch, best) -> {});
 * tuned.save(Path.of("my-model"));
 * }</pre>
 *
 * Trains by AdamW with a one-cycle learning rate. After each epoch the moving average of the weights is measured on the
 * validation windows, and training ends when it has not improved for a while. The pre-trained model counts as epoch 0.
 * The result interpolates between the pre-trained weights and those of the best epoch, such that all parts of the
 * validation rows gain ({@link Interpolation}). Its validation loss is never greater than that of the pre-trained
 * model.
 */
public final class FineTuning {
    /** The most one-channel windows that are measured after each epoch: more add little, as neighbours are similar. */
    private static final int MOST_VALIDATION = 2048;
    /** The most windows that the range test measures after each batch. */
    private static final int MOST_RANGE_TEST = 256;
    private static final double AVERAGE_DECAY = 0.99;

    private final TtmModel base;
    private final FineTuningData data;
    private FineTuningOptions options;
    private final Listener listener;
    private final TtmConfig config;
    private final List<String> initialized;
    /** The model that is trained. */
    private final TtmModel model;
    /** The model that is measured and returned. It has the best weights so far, except while others are measured. */
    private final TtmModel kept;
    private final List<Epoch> epochs = new ArrayList<>();
    private double rate;
    private double share;
    private double lowest;

    /** A listener for epochs. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Called after an epoch has been measured.
         *
         * @param best the best model so far; the next epoch changes it, so save it within this call
         */
        void epoch(Epoch epoch, FineTuned best);
    }

    /**
     * One pass through the training windows.
     *
     * @param number the number of the epoch; 0 is the model before training
     * @param trainingLoss the mean loss over the epoch, with dropout; NaN for epoch 0
     * @param validationLoss the loss of the moving average of the weights
     * @param best true if it is better than all previous epochs
     * @param left an estimate of the time for all remaining epochs
     */
    public record Epoch(int number, double trainingLoss, double validationLoss, boolean best, Duration left) {}

    private FineTuning(TtmModel base, FineTuningData data, FineTuningOptions options, Listener listener) {
        this.base = base;
        this.data = data.balanced();
        this.options = options;
        this.listener = listener;
        config = Adaptation.configuration(base.config(), data.channels(), options);
        Adaptation adaptation = fresh();
        initialized = adaptation.initialized();
        model = adaptation.model();
        kept = fresh().model();
        rate = options.learningRate();
    }

    /** A new copy of the model at the start of training, frozen as the options say. */
    private Adaptation fresh() {
        Adaptation adaptation = Adaptation.of(base, config, options.seed());
        adaptation.model().freezeBackbone(options.frozen() == FineTuningOptions.Frozen.BACKBONE);
        if (options.frozen() == FineTuningOptions.Frozen.WEIGHTS) {
            adaptation.model().parameters().forEach((name, parameter) -> parameter.freeze(!name.contains(".bias")));
        }
        return adaptation;
    }

    /**
     * Fine-tunes a copy of a model; the same seed and threads give the same result, bit for bit.
     *
     * @throws IllegalArgumentException when model, channels and options do not fit, or there is no window or no
     *     observed value to train or to validate on
     * @throws TrainingDivergedException when a loss or gradient is not finite, for example because the learning rate is
     *     too high
     */
    public static FineTuned run(TtmModel base, FineTuningData data, FineTuningOptions options, Listener listener)
            throws InterruptedException {
        TrainingPlan.require(base != null, "base", base, "a model");
        TrainingPlan.require(data != null, "data", data, "series to train on");
        TrainingPlan.require(options != null, "options", options, "such as FineTuningOptions.defaults()");
        TrainingPlan.require(listener != null, "listener", listener, "one, which may do nothing");
        return new FineTuning(base, data, options, listener).run();
    }

    private FineTuned run() throws InterruptedException {
        RowWindows training = windows("training", FineTuningData.Series::train, Integer.MAX_VALUE);
        // A step on more windows than there are would be many passes through them. Whole batches of the usual size have divisors.
        int usual = FineTuningOptions.defaults().batch();
        int most = Math.max(usual, training.size() - training.size() % usual);
        options = options.withBatch(Math.min(options.batch(), most));
        WindowSource source = new ShuffledWindows(encoded(training), training.size(), options.seed(),
                new ConcurrentHashMap<>());
        TrainingPlan plan = plan(training);
        HeldOut heldOut = heldOut(kept, MOST_VALIDATION);
        lowest = heldOut.loss();
        if (!Double.isFinite(lowest)) {
            throw new IllegalArgumentException(
                    "the loss before training is " + lowest + ": the weights are damaged or too large in "
                            + base.source() + ", or a value of the validation rows is far from all training rows");
        }
        report(0, Double.NaN, lowest, true, Duration.ZERO);
        if (rate == 0) {
            TtmModel trial = fresh().model();
            rate = RangeTest.learningRate(trial, source, training.channels(), plan, heldOut(trial, MOST_RANGE_TEST));
        }
        Weights start = Weights.of(kept);
        Weights best = train(source, training.channels(), plan, heldOut, start);
        if (share > 0) {
            Interpolation.Chosen chosen = Interpolation.choose(start, best, part(), kept, heldOut);
            share = chosen.share();
            lowest = chosen.loss();
        }
        return result();
    }

    /** Trains, and returns the weights of the best epoch. */
    private Weights train(WindowSource source, int channels, TrainingPlan plan, HeldOut heldOut, Weights start)
            throws InterruptedException {
        Weights best = start;
        int bestEpoch = 0;
        long stepsPerEpoch = plan.steps() / options.epochs();
        long began = System.nanoTime();
        TrainingPlan oneCycle = plan.withSchedule(Schedule.oneCycle(rate, plan.steps()), plan.steps());
        try (Trainer trainer = new Trainer(model, source, channels, oneCycle)) {
            for (int epoch = 1; epoch <= options.epochs() && epoch - bestEpoch <= options.patience(); epoch++) {
                double loss = 0;
                for (long i = 0; i < stepsPerEpoch; i++) loss += trainer.step() / stepsPerEpoch;
                Weights average = Weights.of(trainer.result());
                average.into(kept);
                double validationLoss = heldOut.loss();
                boolean improved = validationLoss < lowest;
                if (improved) {
                    best = average;
                    bestEpoch = epoch;
                    lowest = validationLoss;
                    share = 1;
                }
                best.into(kept);
                Duration left = Duration.ofNanos((System.nanoTime() - began) / epoch * (options.epochs() - epoch));
                report(epoch, loss, validationLoss, improved, left);
            }
        }
        return best;
    }

    /**
     * The factor of the chosen share: 1/2 in few-shot training, in which the training rows end long before the
     * validation rows; otherwise, and in a model with new parts, whose initial weights are meaningless, 1.
     */
    private double part() {
        boolean fewShot = data.series()
                .stream()
                .allMatch(one -> one.train().to() < one.validation().from() + config.contextLength());
        return fewShot && initialized.isEmpty() ? 0.5 : 1;
    }

    private RowWindows windows(String what, Function<FineTuningData.Series, Rows> rows, int most) {
        RowWindows windows = new RowWindows(config, data, rows, most);
        if (windows.size() == 0) {
            throw new IllegalArgumentException("the " + what + " rows hold no window of " + config.contextLength()
                    + " + " + config.outputLength() + " rows");
        }
        if (windows.isObserved()) return windows;
        throw new IllegalArgumentException("the " + what + " rows hold no value to forecast: all are missing");
    }

    /** The windows with the outputs of a frozen backbone, if these take at most a quarter of the heap. */
    private WindowSource encoded(RowWindows windows) throws InterruptedException {
        return Backbone.encoded(windows, model, Runtime.getRuntime().maxMemory() / 4, options.threads());
    }

    private HeldOut heldOut(TtmModel measured, int most) throws InterruptedException {
        int series = config.mixesChannels() ? data.channels().inputs().size() : 1;
        RowWindows windows = windows("validation", FineTuningData.Series::validation, Math.max(1, most / series));
        return new HeldOut(measured, encoded(windows), windows.size(), windows.channels(), options.threads());
    }

    private TrainingPlan plan(RowWindows training) {
        int batch = options.batch();
        int micro = Math.max(1, Math.min(Backbone.tile(config, training.channels()), batch / options.threads()));
        if (config.normMlp() == TtmConfig.Norm.BATCH) micro = batch;
        while (batch % micro != 0) micro--;
        long stepsPerEpoch = Math.max(1, training.size() / batch);
        return TrainingPlan.defaults()
                .withSchedule(step -> 0, stepsPerEpoch * options.epochs())
                .withBatch(batch, micro)
                .withThreads(options.threads())
                .withSeed(options.seed())
                .withAverageDecay(AVERAGE_DECAY);
    }

    private void report(int number, double loss, double validationLoss, boolean best, Duration left) {
        Epoch epoch = new Epoch(number, loss, validationLoss, best, left);
        epochs.add(epoch);
        listener.epoch(epoch, result());
    }

    private FineTuned result() {
        return new FineTuned(kept, data.channels(), options, initialized, rate, List.copyOf(epochs), share, lowest);
    }

    /** Repeats the windows of a source endlessly, in each pass in another random order. Thread-safe. */
    private record ShuffledWindows(WindowSource source, int size, long seed,
            Map<Long, int[]> orders) implements WindowSource {
        @Override
        public void fill(Window window, long index) {
            source.fill(window, number(index));
        }

        @Override
        public float[] hidden(long index) {
            return source.hidden(number(index));
        }

        private int number(long index) {
            long pass = index / size;
            int[] order = orders.computeIfAbsent(pass, this::order);
            // A batch rarely includes windows of more than two successive passes; their orders would be made again.
            orders.remove(pass - 2);
            return order[(int) (index % size)];
        }

        private int[] order(long pass) {
            SplittableRandom random = new SplittableRandom(seed + pass);
            int[] order = new int[size];
            for (int i = 0; i < size; i++) {
                int j = random.nextInt(i + 1);
                order[i] = order[j];
                order[j] = i;
            }
            return order;
        }
    }
}
