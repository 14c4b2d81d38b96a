package org.ttm4j.cli.command;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.Progress;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.cli.report.ValidationReport;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.data.series.Printable;
import org.ttm4j.eval.validation.Validation.SetScore;
import org.ttm4j.eval.validation.Validation;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.io.Json;

/**
 * {@code ttm evaluate --corpus FILE --validation --kept-aside}: a model's errors on the data sets that were kept aside from
 * training.
 */
final class CorpusEvaluation {
    static final Option CORPUS = new Option("--corpus", "FILE", "a corpus made by ttm corpus, instead of CSV files");
    static final Option VALIDATION = Option.flag("--validation",
            "with --corpus: measure on the hourly to daily data sets kept aside from training");
    static final Option KEPT_ASIDE = Option.flag("--kept-aside",
            "with --corpus: measure on the weekly to yearly sets kept aside from training");
    static final Option HORIZON_TIMES = new Option("--horizon-times", "N",
            "with --corpus: forecast N times as far as usual (default: 1)");
    static final Option HISTORY = new Option("--history", "N",
            "with --corpus: steps before a window that the model sees (default: 2048)");

    private static final String HORIZON = "--horizon";
    private static final Set<String> OWN = Set.of(CORPUS.name(), VALIDATION.name(), KEPT_ASIDE.name(), HISTORY.name(),
            HORIZON, HORIZON_TIMES.name(), Option.MODEL.name(), Models.MODE.name(), "--json");
    private static final int LONGEST_HORIZON = 10_000;
    private static final int MOST_TIMES = 100;
    /** Steps of history that a window has at least, where its series is no shorter. */
    private static final int LEAST_HISTORY = 512;
    private static final int USUAL_HISTORY = 2048;
    private static final int LONGEST_HISTORY = 100_000;

    private CorpusEvaluation() {}

    /** Whether a command line asks for it. Throws UsageException when options do not belong together. */
    static boolean isAsked(Arguments arguments, List<Option> options) throws UsageException {
        boolean asked = arguments.flag(CORPUS.name());
        if (asked != (arguments.flag(VALIDATION.name()) || arguments.flag(KEPT_ASIDE.name()))) {
            throw new UsageException(
                    CORPUS.name() + " FILE goes together with " + VALIDATION.name() + " or " + KEPT_ASIDE.name());
        }
        for (Option option : List.of(HISTORY, HORIZON_TIMES)) {
            if (!asked && arguments.flag(option.name())) {
                throw new UsageException(option.name() + ": expected " + CORPUS.name() + " FILE");
            }
        }
        if (arguments.flag(HORIZON) && arguments.flag(HORIZON_TIMES.name())) {
            throw new UsageException(HORIZON + " and " + HORIZON_TIMES.name() + " exclude each other");
        }
        if (asked) requireOnly(OWN, arguments, options, CORPUS.name());
        return asked;
    }

    /** Throws UsageException where a command line has a file, or an option that is none of its own, beside another. */
    static void requireOnly(Set<String> own, Arguments arguments, List<Option> options, String beside)
            throws UsageException {
        for (Option option : options) {
            if (!own.contains(option.name()) && arguments.flag(option.name())) {
                throw new UsageException(option.name() + " and " + beside + " exclude each other");
            }
        }
        if (arguments.optionalOperand() != null) throw new UsageException("expected no file with " + beside);
    }

    static int run(Arguments arguments, Console console) throws IOException, InterruptedException {
        String file = arguments.required(CORPUS.name(), "FILE");
        int horizon = arguments.integer(HORIZON, 0, 1, LONGEST_HORIZON);
        int times = arguments.integer(HORIZON_TIMES.name(), 1, 1, MOST_TIMES);
        int history = arguments.integer(HISTORY.name(), USUAL_HISTORY, 1, LONGEST_HISTORY);
        ForecastMode mode = Models.mode(arguments, ForecastMode.FAST);
        Forecaster alone = Models.forecaster(arguments, console);
        Forecaster forecaster = alone.in(mode);
        Corpus corpus = Corpus.open(console.path(file));
        List<String> names = names(arguments, corpus, console);
        try {
            List<Validation> validations = new ArrayList<>();
            for (String name : names) {
                int steps = horizon > 0 ? horizon : times * usualHorizon(corpus, name);
                try {
                    validations.add(Validation.ofAnyLength(corpus, name, LEAST_HISTORY,
                            Math.max(history, USUAL_HISTORY), steps));
                } catch (IllegalArgumentException tooShort) {
                    if (names.size() == 1) throw tooShort;
                    console.say("note: left out: " + tooShort.getMessage());
                }
            }
            boolean combined = forecaster != alone;
            boolean ownQuantiles = alone.info()
                    .models()
                    .stream()
                    .allMatch(one -> one.config().quantileHead().enabled());
            List<SetScore> scores = scores(validations, forecaster, history, false, console);
            List<SetScore> other = combined || ownQuantiles
                    ? scores(validations, alone, history, !combined, console)
                    : List.of();
            String model = arguments.text(Option.MODEL.name());
            ValidationReport report = new ValidationReport(file, model == null ? Models.BUNDLED : model,
                    combined ? mode.toString() : ForecastMode.FAST.toString(), history, scores, other, combined);
            console.out().print(arguments.flag("--json") ? Json.pretty(report.json()) : report.text());
            return Command.OK;
        } catch (IllegalArgumentException e) {
            throw new CommandException(Printable.of(file) + ": " + e.getMessage(), e);
        }
    }

    /** The data sets that are asked for, of those that the corpus holds. */
    private static List<String> names(Arguments arguments, Corpus corpus, Console console) throws IOException {
        List<String> wanted = new ArrayList<>();
        if (arguments.flag(VALIDATION.name())) wanted.addAll(Validation.validationSets());
        if (arguments.flag(KEPT_ASIDE.name())) wanted.addAll(Validation.keptAsideSets());
        List<String> names = new ArrayList<>(wanted);
        names.retainAll(corpus.datasets());
        if (names.isEmpty()) {
            throw new CommandException(Printable.of(arguments.text(CORPUS.name()))
                    + ": the corpus holds none of the data sets " + String.join(", ", wanted));
        }
        if (names.size() < wanted.size()) {
            console.say("note: the corpus holds " + names.size() + " of the " + wanted.size() + " data sets");
        }
        return names;
    }

    private static int usualHorizon(Corpus corpus, String name) {
        long days = corpus.series()
                .stream()
                .filter(series -> series.dataset().equals(name))
                .mapToLong(series -> Duration.ofSeconds(series.resolutionSeconds()).toDays())
                .findFirst()
                .orElse(0);
        if (days < 1) return 48;
        if (days < 7) return 30;
        return days < 28 ? 13 : 12;
    }

    private static List<SetScore> scores(List<Validation> validations, Forecaster forecaster, int history,
            boolean calibrated, Console console) throws InterruptedException {
        List<SetScore> scores = new ArrayList<>();
        try (Progress progress = new Progress(console, "windows",
                validations.stream().mapToInt(Validation::windows).sum())) {
            for (Validation validation : validations) {
                scores.addAll(validation.setScores(forecaster, history, calibrated,
                        Runtime.getRuntime().availableProcessors(), progress::add));
            }
        }
        return scores;
    }
}
