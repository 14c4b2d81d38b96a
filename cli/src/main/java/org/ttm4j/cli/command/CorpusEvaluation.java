package org.ttm4j.cli.command;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.Progress;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.cli.report.ValidationReport;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.eval.validation.Validation;
import org.ttm4j.eval.validation.Validation.SetScore;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.io.Json;

/** {@code ttm evaluate --corpus FILE --validation}: a model's errors on the data sets that were kept aside from training. */
final class CorpusEvaluation {
    static final Option CORPUS = new Option("--corpus", "FILE", "a corpus made by ttm corpus, instead of CSV files");
    static final Option VALIDATION = Option.flag("--validation",
            "with --corpus: measure on the data sets that were kept aside from training");
    static final Option HISTORY = new Option("--history", "N",
            "with --corpus: steps before a window that the model sees, at most 2048 (default)");

    private static final String HORIZON = "--horizon";
    private static final Set<String> OWN = Set.of(CORPUS.name(), VALIDATION.name(), HISTORY.name(), HORIZON,
            Option.MODEL.name(), ForecastMode.OPTION.name(), "--json");
    private static final int LONGEST_HORIZON = 10_000;
    /** Steps of history that a window has at least, and that are looked at, at most. */
    private static final int LEAST_HISTORY = 512;
    private static final int MOST_HISTORY = 2048;

    private CorpusEvaluation() {}

    /** Whether a command line asks for it. Throws UsageException where it asks for half of it, or for more. */
    static boolean isAsked(Arguments arguments, List<Option> options) throws UsageException {
        boolean asked = arguments.flag(CORPUS.name());
        if (asked != arguments.flag(VALIDATION.name())) {
            throw new UsageException(CORPUS.name() + " FILE and " + VALIDATION.name() + " go together");
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
        if (arguments.optionalOperand(null) != null) throw new UsageException("expected no file with " + beside);
    }

    static int run(Arguments arguments, Console console) throws UsageException, CommandException, IOException {
        String file = arguments.required(CORPUS.name(), "FILE");
        int horizon = arguments.integer(HORIZON, 0, 1, LONGEST_HORIZON);
        int history = arguments.integer(HISTORY.name(), MOST_HISTORY, 1, MOST_HISTORY);
        ForecastMode mode = ForecastMode.of(arguments, ForecastMode.FAST);
        Forecaster alone = Models.forecaster(arguments, console);
        Forecaster forecaster = mode.around(alone);
        Corpus corpus = Corpus.open(console.path(file));
        List<String> names = new ArrayList<>(Validation.keptAside());
        names.retainAll(corpus.datasets());
        if (names.isEmpty()) {
            throw new CommandException(Printable.of(file) + ": the corpus holds none of the data sets that are kept "
                    + "aside: " + String.join(", ", Validation.keptAside()));
        }
        if (names.size() < Validation.keptAside().size()) {
            console.say("note: the corpus holds " + names.size() + " of the " + Validation.keptAside().size()
                    + " data sets that are kept aside");
        }
        try {
            List<Validation> validations = validations(corpus, names, horizon);
            boolean combined = forecaster != alone;
            boolean ownQuantiles = alone.models().stream().allMatch(one -> one.config().quantileHead().enabled());
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
        } catch (InterruptedException e) {
            throw new CommandException("interrupted", e);
        }
    }

    /** The sets, grouped by their horizons: the one that is asked for, or the usual one of the frequency. */
    private static List<Validation> validations(Corpus corpus, List<String> names, int horizon) {
        Map<Integer, List<String>> byHorizon = new LinkedHashMap<>();
        for (String name : names) {
            int own = horizon > 0 ? horizon : usualHorizon(corpus, name);
            byHorizon.computeIfAbsent(own, none -> new ArrayList<>()).add(name);
        }
        List<Validation> validations = new ArrayList<>();
        byHorizon.forEach(
                (steps, sets) -> validations.add(new Validation(corpus, sets, LEAST_HISTORY, MOST_HISTORY, steps)));
        return validations;
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
