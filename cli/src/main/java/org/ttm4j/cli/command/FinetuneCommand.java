package org.ttm4j.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ttm4j.cli.columns.ColumnRoles;
import org.ttm4j.cli.columns.FinetuneSeries;
import org.ttm4j.cli.columns.Input;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.columns.Splits;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.eval.protocol.FineTuningSeries;
import org.ttm4j.eval.protocol.Split;
import org.ttm4j.forecast.FineTunedIntervals;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.FolderLock;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.FineTuned;
import org.ttm4j.ttm.train.FineTuning;
import org.ttm4j.ttm.train.FineTuningData;
import org.ttm4j.ttm.train.FineTuningOptions;
import org.ttm4j.ttm.train.TrainingDivergedException;
import org.ttm4j.ttm.train.TrainingPlan;

/** {@code ttm finetune}: adapts a model to the series of a CSV. */
public final class FinetuneCommand extends Command {
    private static final int MOST = 1_000_000;
    private static final String FREEZE = "--freeze";

    /** The losses that are offered. */
    private enum Loss {
        MSE, MAE, HUBER, PINBALL
    }

    public FinetuneCommand() {
        super("finetune", "(" + Input.OPERANDS + ") --out DIR", "adapt a model to the series in a CSV", """
                Without --model, ttm takes the longest bundled model up to 512-96 of which windows fit into most of
                the series.

                The model is trained on the first rows and validated on the next ones. The test rows are not used;
                measure the model on them with ttm evaluate and the same --split or --protocol. Channels are
                standardised by their training rows, and the model stores the means and deviations, so that
                forecasts are in original units.

                A new DIR holds a complete checkpoint from the start, that of the best model so far, and training
                can be stopped at any moment. If DIR already holds a model, it is replaced at the end of the
                training, and only if an epoch improved on the model that training started from. training.json in
                DIR records how the model was made. The quantiles of forecasts come from the errors on the
                validation rows, of several series together. Series that are too short are left out and named once.
                """);
    }

    @Override
    public List<Option> options() {
        return join(List.of(new Option("--out", "DIR", "folder to write the fine-tuned model to"), Option.MODEL),
                ColumnRoles.OPTIONS,
                List.of(SeriesOptions.ID, SeriesOptions.TIME, Splits.PROTOCOL, Splits.SPLIT,
                        new Option("--fraction", "X", "share of the training rows to use, the first ones (default: 1)"),
                        Option.flag("--channel-mixing", "let the decoder mix channels"),
                        new Option(FREEZE, "PART",
                                "what is not trained: backbone, weights (all but biases) or none (default: backbone)"),
                        new Option("--horizon", "N", "steps to forecast (default: what the model makes in one pass)"),
                        new Option("--loss", "NAME", "mse, mae, huber, pinball (default: mse)"),
                        new Option("--quantile", "Q", "quantile level of the pinball loss (default: 0.5)"),
                        new Option("--learning-rate", "X", "peak learning rate (default: found by a range test)"),
                        new Option("--head-dropout", "X", "dropout in the decoder and the head (default: 0.2)"),
                        new Option("--epochs", "N", "the largest number of epochs (default: 50)"),
                        new Option("--batch", "N", "windows in a training step (default: 64)"),
                        new Option("--patience", "N", "stop after so many epochs without improvement (default: 10)"),
                        new Option("--seed", "N", "seed of all random numbers (default: 1)"),
                        new Option("--threads", "N", "threads to train on (default: one per processor)")),
                Input.OPTIONS, SeriesOptions.FOUND);
    }

    @Override
    @SuppressWarnings("try") // the lock is held, not used
    public int run(Arguments arguments, Console console) throws IOException {
        FineTuningOptions options = options(arguments);
        Input input = Input.of(arguments, console);
        Path out = console.path(arguments.required("--out", "DIR"));
        OutputFile.requireFolder(out, "--out");
        Split.Rule rule = Splits.of(arguments, Path.of(input.title()));
        double fraction = arguments.number("--fraction", 1, 0, 1);
        ColumnRoles roles = ColumnRoles.of(arguments);
        String named = arguments.text(Option.MODEL.name());
        boolean replaces = false;
        FolderLock kept = FolderLock.of(out);
        try (kept) {
            replaces = Files.exists(Checkpoint.file(out, "config.json"));
            FineTuningSeries series = FinetuneSeries.read(input, roles, options.channelMixing(),
                    rejected -> console.sayProblems(rejected, "series more"), console);
            String start = Models.isBundled(named) ? series.suiting(rule, options.horizon(), console::say) : named;
            TtmModel model = TtmModel.of(Models.checkpoint(start, console));
            Map<String, Object> made = Json.object("data", input.title(), "model_sha256", Models.sha256(start, console),
                    "split", rule.toString(), "fraction", fraction);
            Listener listener = new Listener(console, replaces ? null : out, made, options.epochs());
            int own = model.config().outputLength();
            int horizon = options.horizon() == 0 ? own : options.horizon();
            if (horizon < own) console.say("note: the model's heads are cut from " + own + " to " + horizon + " steps");
            int learnt = model.config().predictionLength();
            if (horizon > learnt) {
                console.say("note: the model's heads are lengthened from " + learnt + " to " + horizon
                        + " steps; the further steps are learned anew");
            }
            FineTuningData data = series.data(rule, fraction, model.config().contextLength(), horizon, console::say);
            FineTuned result = FineTuning.run(model, data, options, listener);
            console.say(summary(result));
            if (replaces && !result.improved()) {
                console.say(out + " keeps the model that it already held; choose another --out to write the model of "
                        + "this run, which is the one before training");
                return Command.OK;
            }
            result.save(out, made);
            calibrate(result, data, out, console);
            console.say("wrote " + out);
        } catch (IllegalArgumentException | TrainingDivergedException e) {
            throw new CommandException(input.name() + ": " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (InterruptedException e) {
            throw new CommandException("interrupted; " + out
                    + (replaces ? " keeps the model that it already held" : " holds the best model so far"), e);
        }
        return Command.OK;
    }

    private static FineTuningOptions options(Arguments arguments) throws UsageException {
        FineTuningOptions defaults = FineTuningOptions.defaults();
        Loss loss = arguments.choice("--loss", Loss.valueOf(defaults.loss().name()), Loss.class);
        double quantile = arguments.number("--quantile", defaults.quantile(), 0.001, 0.999);
        if (arguments.flag("--quantile") && loss != Loss.PINBALL) {
            throw new UsageException("--quantile: expected --loss pinball, whose quantile it is");
        }
        return defaults.withHorizon(arguments.integer("--horizon", 0, 1, MOST))
                .withChannelMixing(arguments.flag("--channel-mixing"))
                .withFrozen(arguments.choice(FREEZE, defaults.frozen(), FineTuningOptions.Frozen.class))
                .withLoss(TtmConfig.Loss.valueOf(loss.name()))
                .withQuantile(quantile)
                .withLearningRate(arguments.number("--learning-rate", 0, 1e-9, 1))
                .withEpochs(arguments.integer("--epochs", defaults.epochs(), 1, MOST))
                .withBatch(arguments.integer("--batch", defaults.batch(), 1, TrainingPlan.MOST_BATCH))
                .withPatience(arguments.integer("--patience", defaults.patience(), 1, MOST))
                .withHeadDropout(arguments.number("--head-dropout", defaults.headDropout(), 0, 0.99))
                .withSeed(arguments.integer("--seed", (int) defaults.seed(), 0, Integer.MAX_VALUE))
                .withThreads(arguments.integer("--threads", defaults.threads(), 1, TrainingPlan.MOST_THREADS));
    }

    private static void calibrate(FineTuned result, FineTuningData data, Path out, Console console)
            throws IOException, InterruptedException {
        ConformalIntervals intervals;
        try {
            intervals = FineTunedIntervals.of(result, data);
        } catch (IllegalArgumentException impossible) {
            console.say(
                    "note: the model has no intervals, so its forecasts have no quantiles: " + impossible.getMessage());
            return;
        }
        intervals.write(out);
        console.say("intervals: from the errors in " + intervals.windows() + " validation windows");
    }

    private static String summary(FineTuned result) {
        double before = result.epochs().get(0).validationLoss();
        if (result.share() == 0) {
            return String.format(Locale.ROOT,
                    "no epoch was surely better than the model before training, whose validation loss is %.4f", before);
        }
        return String.format(Locale.ROOT,
                "validation loss %.4f, before training %.4f: the weights are %.0f %% of the way to epoch %d",
                result.validationLoss(), before, 100 * result.share(), result.bestEpoch());
    }

    /** Says how far training has come and, unless {@code out} is null, saves the best model. */
    private record Listener(Console console, Path out, Map<String, Object> made,
            int epochs) implements FineTuning.Listener {

        @Override
        public void epoch(FineTuning.Epoch epoch, FineTuned best) {
            if (epoch.number() == 0) {
                if (!best.initialized().isEmpty()) console.say("new: " + String.join(", ", best.initialized()));
                console.say(
                        String.format(Locale.ROOT, "before training: validation loss %.4f", epoch.validationLoss()));
            } else {
                console.say(
                        String.format(Locale.ROOT, "epoch %d of %d: loss %.4f, validation loss %.4f%s, %d:%02d left",
                                epoch.number(), epochs, epoch.trainingLoss(), epoch.validationLoss(),
                                epoch.best() ? " (best)" : "", epoch.left().toMinutes(), epoch.left().toSecondsPart()));
            }
            if (out == null || !epoch.best()) return;
            try {
                best.save(out, made);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
