package org.ttm4j.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.cli.report.TrainingLog;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.eval.pretraining.PretrainConfig;
import org.ttm4j.eval.pretraining.PretrainPatience;
import org.ttm4j.eval.pretraining.PretrainWindows;
import org.ttm4j.eval.validation.Validation;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.io.AtomicFile;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.Trainer;
import org.ttm4j.ttm.train.TrainingDivergedException;

/** {@code ttm pretrain}: trains a model from scratch on a corpus and synthetic series. */
public final class PretrainCommand implements Command {
    private static final String STATE = "state.safetensors";
    private static final String CONFIG = "training.json";
    private static final String BEST = "best";
    private static final String MODEL = "model";
    private static final long SAVE_NANOS = 60_000_000_000L;

    @Override
    public String name() {
        return "pretrain";
    }

    @Override
    public String operands() {
        return "CONFIG.json --out DIR";
    }

    @Override
    public String summary() {
        return "train a model from scratch on a corpus and synthetic series";
    }

    @Override
    public List<Option> options() {
        return List.of(new Option("--out", "DIR", "the run's folder: log, resumable state and, in the end, the model"));
    }

    @Override
    public String details() {
        return """
                To continue a run that was stopped, run the same command again: it resumes from the last saved
                state, with the number of threads that the run began with. During training, DIR holds
                training.json, log.csv, loss.svg and state.safetensors; at the end, the checkpoint is in DIR/model.
                If the configuration sets a patience, DIR/best holds the best checkpoint so far, which becomes
                DIR/model.
                """;
    }

    @Override
    public int run(Arguments arguments, Console console) throws UsageException, CommandException, IOException {
        Path file = console.path(arguments.operand("a training configuration"));
        PretrainConfig config = read(file);
        Path out = console.path(arguments.required("--out", "DIR"));
        Files.createDirectories(out);
        byte[] configuration = configuration(file, out);
        Corpus corpus = config.corpus() == null ? null : Corpus.open(config.corpus());
        try {
            Validation validation = corpus == null || config.validation().isEmpty()
                    ? null
                    : new Validation(corpus, config.validation(), config.model().contextLength(),
                            config.model().contextLength(), config.model().outputLength());
            train(config, configuration, corpus, validation, out, console);
        } catch (IllegalArgumentException | TrainingDivergedException e) {
            throw new CommandException(file + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new CommandException("interrupted; run the same command again to continue", e);
        }
        return Command.OK;
    }

    private static PretrainConfig read(Path file) throws CommandException, IOException {
        try {
            return PretrainConfig.read(file);
        } catch (IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    /**
     * The content of the configuration file. A run belongs to one configuration: another one needs another folder, once
     * a step of the run was saved or logged.
     */
    private static byte[] configuration(Path file, Path out) throws CommandException, IOException {
        byte[] content = Files.readAllBytes(file);
        boolean begun = Files.exists(out.resolve(STATE)) || Files.exists(out.resolve(TrainingLog.FILE));
        Path kept = out.resolve(CONFIG);
        if (begun && Files.exists(kept) && Files.size(kept) > 0 && Files.mismatch(file, kept) >= 0) {
            throw new CommandException(kept + ": this folder holds a run of another configuration; choose another "
                    + "--out, or delete the folder to start anew");
        }
        return content;
    }

    private static void train(PretrainConfig config, byte[] configuration, Corpus corpus, Validation validation,
            Path out, Console console) throws IOException, InterruptedException, CommandException {
        TtmModel model = initial(config);
        try (Trainer trainer = new Trainer(model, new PretrainWindows(config, corpus), 1, config.plan())) {
            Path state = out.resolve(STATE);
            if (Files.exists(state)) {
                trainer.resume(state);
                console.say("resumed at step " + trainer.steps() + ", threads: " + trainer.threads());
            }
            TrainingLog log = TrainingLog.open(out, trainer.steps());
            PretrainPatience patience = new PretrainPatience(config.patience());
            log.ratios().forEach(patience::improvedBy);
            long began = System.nanoTime();
            long first = trainer.steps();
            long saved = began;
            double sum = 0;
            int count = 0;
            while (!trainer.finished() && !patience.exhausted()) {
                sum += trainer.step();
                count++;
                if (trainer.steps() == first + 1) {
                    AtomicFile.write(out.resolve(CONFIG), content -> content.write(configuration));
                }
                boolean check = trainer.steps() % config.validateEvery() == 0 || trainer.finished();
                if (check) {
                    Validation.Score score = validation == null
                            ? null
                            : validation.score(Forecaster.of(trainer.result()), config.plan().threads());
                    double rate = (trainer.steps() - first) * config.plan().batch()
                            / ((System.nanoTime() - began) / 1e9);
                    // Before the log counts it as the best.
                    if (patience.improvedBy(score == null ? Double.NaN : score.ratio()) && patience.on()) {
                        trainer.result().save(out.resolve(BEST), DType.F32);
                    }
                    log.add(trainer.steps(), trainer.steps() * config.plan().batch(), sum / count,
                            config.plan().schedule().learningRate(trainer.steps() - 1), rate, score);
                    console.say(line(config, trainer.steps(), sum / count, rate, score));
                    sum = 0;
                    count = 0;
                }
                if (check || System.nanoTime() - saved > SAVE_NANOS) {
                    trainer.save(state);
                    saved = System.nanoTime();
                }
            }
            if (patience.exhausted()) console.say("no better validation ratio: stopped at step " + trainer.steps());
            TtmModel result = patience.on() ? TtmModel.of(Checkpoint.read(out.resolve(BEST))) : trainer.result();
            result.save(out.resolve(MODEL), DType.F32);
            console.say("wrote " + out.resolve(MODEL));
        }
    }

    /** The weights to start from, in the configured model, which has the sizes of the checkpoint; dropout may differ. */
    private static TtmModel initial(PretrainConfig config) throws CheckpointException {
        if (config.initial() == null) return new TtmModel(config.model()).initialize(config.seed());
        Checkpoint from = Checkpoint.read(config.initial());
        return TtmModel.of(new Checkpoint(from.source(), config.model(), from.tensors()));
    }

    private static String line(PretrainConfig config, long step, double loss, double rate, Validation.Score score) {
        Duration left = Duration
                .ofSeconds((long) ((config.plan().steps() - step) * config.plan().batch() / Math.max(rate, 1e-9)));
        String validation = score == null
                ? ""
                : String.format(Locale.ROOT, ", validation mse %.4f, ratio %.4f", score.mse(), score.ratio());
        return String.format(Locale.ROOT, "step %d of %d: loss %.4f%s, %.0f windows/s, %d:%02d left", step,
                config.plan().steps(), loss, validation, rate, left.toMinutes(), left.toSecondsPart());
    }
}
