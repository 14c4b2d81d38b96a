package org.ttm4j.cli.command;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.Printable;
import org.ttm4j.eval.pretraining.PretrainConfig;
import org.ttm4j.eval.validation.Validation;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * {@code ttm pretrain --validate}: the errors of a finished model on the data sets that a configuration keeps aside, on
 * the windows that measure it during training.
 */
final class ValidateModel {
    static final Option MODEL = new Option("--validate", "NAME|DIR",
            "train nothing, but measure this model on the validation sets");
    static final Option HISTORY = new Option("--history", "N",
            "with --validate: steps of history it sees (default: the configured context)");
    static final Option HORIZON = new Option("--horizon", "N",
            "with --validate: steps to forecast (default: those configured)");
    static final Option UNTOLD = Option.flag("--unknown-frequency", "with --validate: do not tell it the frequency");
    static final List<Option> OPTIONS = List.of(MODEL, HISTORY, HORIZON, UNTOLD);

    private static final int LONGEST_HORIZON = 10_000;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private ValidateModel() {}

    /** Whether a command line asks for it. Throws UsageException for its options without it, and for it beside --out. */
    static boolean isAsked(Arguments arguments) throws UsageException {
        if (arguments.text(MODEL.name()) != null) {
            if (arguments.text("--out") != null) {
                throw new UsageException(MODEL.name() + " and --out exclude each other");
            }
            return true;
        }
        for (Option option : List.of(HISTORY, HORIZON, UNTOLD)) {
            if (arguments.flag(option.name())) throw new UsageException(option.name() + ": expected " + MODEL.name());
        }
        return false;
    }

    /**
     * The errors as a table.
     *
     * @throws IllegalArgumentException when the configuration has nothing to measure on
     * @throws CommandException naming the model when it cannot be read or cannot forecast the windows
     */
    static String table(Arguments arguments, PretrainConfig config, Console console)
            throws UsageException, CommandException, IOException {
        int context = config.model().contextLength();
        int history = arguments.integer(HISTORY.name(), context, 1, context);
        int horizon = arguments.integer(HORIZON.name(), config.model().outputLength(), 1, LONGEST_HORIZON);
        boolean told = !arguments.flag(UNTOLD.name());
        if (config.corpus() == null || config.validation().isEmpty()) {
            throw new IllegalArgumentException("expected the keys corpus and validation, to measure a model on");
        }
        String name = arguments.text(MODEL.name());
        Forecaster forecaster = Models.forecaster(name, console);
        Validation validation = new Validation(Corpus.open(config.corpus()), config.validation(),
                withHorizon(config.model(), horizon));
        validation.requireOneFrequency();
        Validation.Score score;
        try {
            score = validation.score(forecaster, history, told);
        } catch (IllegalArgumentException e) {
            throw new CommandException(Printable.of(name) + ": " + e.getMessage(), e);
        }
        return String.format(Locale.ROOT, "%s: %d steps after the last %d of %d, frequency %s%n", Printable.of(name),
                horizon, history, context, told ? "told" : "unknown") + table(score);
    }

    private static TtmConfig withHorizon(TtmConfig config, int horizon) {
        Map<String, Object> json = new LinkedHashMap<>(config.toJson());
        json.put("prediction_length", (long) horizon);
        json.put("prediction_filter_length", null);
        return TtmConfig.fromJson(json);
    }

    private static String table(Validation.Score score) {
        StringBuilder text = new StringBuilder(
                String.format("%-28s %10s %8s %8s %8s%n", "", "frequency", "windows", "MSE", "ratio"));
        for (Validation.SetScore set : score.sets()) {
            text.append(String.format(Locale.ROOT, "%-28s %10s %8d %8.4f %8.4f%n", Printable.shortened(set.name()),
                    Frequency.ofMillis(set.frequency().toMillis()), set.windows(), set.mse(), set.ratio()));
        }
        text.append("geometric means").append(System.lineSeparator());
        means(text, "below an hour", score, set -> set.frequency().compareTo(HOUR) < 0);
        means(text, "an hour or more", score,
                set -> set.frequency().compareTo(HOUR) >= 0 && set.frequency().compareTo(DAY) < 0);
        means(text, "a day or more", score, set -> set.frequency().compareTo(DAY) >= 0);
        means(text, "all", geometricMean(score.sets(), Validation.SetScore::mse), score.ratio());
        return text.append(String.format(Locale.ROOT, "%-48s %8.4f%n", "mean", score.mse())).toString();
    }

    private static void means(StringBuilder text, String label, Validation.Score score,
            Predicate<Validation.SetScore> which) {
        List<Validation.SetScore> sets = score.sets().stream().filter(which).toList();
        if (sets.isEmpty()) return;
        means(text, label, geometricMean(sets, Validation.SetScore::mse),
                geometricMean(sets, Validation.SetScore::ratio));
    }

    private static void means(StringBuilder text, String label, double mse, double ratio) {
        text.append(String.format(Locale.ROOT, "  %-46s %8.4f %8.4f%n", label, mse, ratio));
    }

    private static double geometricMean(List<Validation.SetScore> sets, ToDoubleFunction<Validation.SetScore> of) {
        return Math.exp(sets.stream().mapToDouble(of).map(Math::log).average().orElse(Double.NaN));
    }
}
