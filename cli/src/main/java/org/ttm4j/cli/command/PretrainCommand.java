package org.ttm4j.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.eval.plot.Axis;
import org.ttm4j.eval.plot.Curve;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.eval.plot.SvgPicture;
import org.ttm4j.eval.pretraining.PretrainOverrides;
import org.ttm4j.eval.pretraining.PretrainingRun;
import org.ttm4j.eval.pretraining.TrainingLog;
import org.ttm4j.ttm.io.AtomicFile;
import org.ttm4j.ttm.train.TrainingDivergedException;
import org.ttm4j.ttm.train.TrainingPlan;

/** {@code ttm pretrain}: trains a model from scratch on a corpus and synthetic series. */
public final class PretrainCommand extends Command {
    public PretrainCommand() {
        super("pretrain", "CONFIG.json --out DIR", "train a model from scratch on a corpus and synthetic series", """
                To continue a run that was stopped, run the same command again: it resumes from the last saved
                state, with the number of threads that the run began with. During training, DIR holds
                training.json, log.csv, loss.svg and state.safetensors; at the end, the checkpoint is in DIR/model.
                If the configuration sets a patience, DIR/best holds the best checkpoint so far, which becomes
                DIR/model.

                The KEY of --set is a key of the configuration, or model.KEY for a key of its model. The VALUE is
                JSON; what is not JSON is a text, such as sigmoid in --set model.gate_mode=sigmoid. A relative path
                given by --set is relative to the working directory, one in the configuration to the
                configuration's folder. DIR/training.json holds the configuration with the values that were given;
                to continue the run, give the same values again.
                """);
    }

    @Override
    public List<Option> options() {
        return List.of(new Option("--out", "DIR", "the run's folder: log, resumable state and, in the end, the model"),
                Option.repeatable(PretrainOverrides.OPTION, "KEY=VALUE",
                        "replace a value of the configuration; may be given several times"));
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException {
        Path file = console.path(arguments.operand("a training configuration"));
        Path out = console.path(arguments.required("--out", "DIR"));
        OutputFile.requireFolder(out, "--out");
        PretrainOverrides overrides = overrides(arguments, console);
        PretrainingRun run;
        try {
            run = new PretrainingRun(file, overrides, out);
        } catch (IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), e);
        }
        try {
            long steps = run.run(new PretrainingRun.Listener() {
                @Override
                public void resumed(long step, int threads) {
                    console.say("resumed at step " + step + ", threads: " + threads);
                }

                @Override
                public void note(String text) {
                    console.say("note: " + text);
                }

                @Override
                public void logged(TrainingLog log) throws IOException {
                    byte[] plot = plot(log.rows()).getBytes(StandardCharsets.UTF_8);
                    AtomicFile.write(out.resolve("loss.svg"), svg -> svg.write(plot));
                    console.say(line(run.config().plan(), log.rows().get(log.rows().size() - 1)));
                }
            });
            if (steps < run.config().plan().steps()) {
                console.say("no better validation ratio: stopped at step " + steps);
            }
            console.say("wrote " + run.model());
        } catch (IllegalArgumentException | TrainingDivergedException e) {
            throw new CommandException(overrides.describe(file) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new CommandException("interrupted; run the same command again to continue", e);
        }
        return Command.OK;
    }

    private static PretrainOverrides overrides(Arguments arguments, Console console) throws UsageException {
        try {
            return PretrainOverrides.parse(arguments.all(PretrainOverrides.OPTION), console.directory());
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /** An SVG of the training loss and the validation error over steps, through at least one row. */
    private static String plot(List<TrainingLog.Row> rows) {
        double[] steps = rows.stream().mapToDouble(TrainingLog.Row::step).toArray();
        double[] losses = rows.stream().mapToDouble(TrainingLog.Row::loss).toArray();
        double[] errors = rows.stream().mapToDouble(TrainingLog.Row::mse).toArray();
        Panel panel = Panel.of("", new Axis(0, steps[steps.length - 1], Axis.Kind.COUNTS),
                List.of(Curve.line(ForecastPanel.HISTORY, "training loss", steps, losses),
                        Curve.line(ForecastPanel.FORECAST, "validation MSE", steps, errors)));
        return SvgPicture.of("Pre-training", "training loss and validation error over steps", List.of(panel));
    }

    private static String line(TrainingPlan plan, TrainingLog.Row row) {
        Duration left = Duration.ofSeconds(
                (long) ((plan.steps() - row.step()) * plan.batch() / Math.max(row.windowsPerSecond(), 1e-9)));
        String validation = Double.isNaN(row.mse())
                ? ""
                : String.format(Locale.ROOT, ", validation mse %.4f, ratio %.4f", row.mse(), row.ratio());
        return String.format(Locale.ROOT, "step %d of %d: loss %.4f%s, %.0f windows/s, %d:%02d left", row.step(),
                plan.steps(), row.loss(), validation, row.windowsPerSecond(), left.toMinutes(), left.toSecondsPart());
    }
}
