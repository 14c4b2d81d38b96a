package org.ttm4j.cli.command;

import java.io.IOException;
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
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.eval.validation.Validation;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.io.Json;

/** {@code ttm evaluate --corpus FILE --validation}: a model's errors on the data sets that were kept aside from training. */
final class CorpusEvaluation {
    static final Option CORPUS = new Option("--corpus", "FILE", "a corpus made by ttm corpus, instead of CSV files");
    static final Option VALIDATION = Option.flag("--validation",
            "with --corpus: measure on the data sets that were kept aside from training");

    private static final String HORIZON = "--horizon";
    private static final Set<String> OWN = Set.of(CORPUS.name(), VALIDATION.name(), HORIZON, Option.MODEL.name(),
            ForecastMode.OPTION.name(), "--json");
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
        if (!asked) return false;
        for (Option option : options) {
            if (!OWN.contains(option.name()) && arguments.flag(option.name())) {
                throw new UsageException(option.name() + " and " + CORPUS.name() + " exclude each other");
            }
        }
        if (arguments.optionalOperand(null) != null) throw new UsageException("expected no file with " + CORPUS.name());
        return true;
    }

    static int run(Arguments arguments, Console console) throws UsageException, CommandException, IOException {
        String file = arguments.required(CORPUS.name(), "FILE");
        arguments.required(HORIZON, "N");
        int horizon = arguments.integer(HORIZON, 0, 1, LONGEST_HORIZON);
        Forecaster forecaster = ForecastMode.of(arguments, ForecastMode.FAST)
                .around(Models.forecaster(arguments, console));
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
            Validation validation = new Validation(corpus, names, LEAST_HISTORY, MOST_HISTORY, horizon);
            List<Validation.SetScore> scores;
            try (Progress progress = new Progress(console, "windows", validation.windows())) {
                scores = validation.setScores(forecaster, Runtime.getRuntime().availableProcessors(), progress::add);
            }
            String model = arguments.text(Option.MODEL.name());
            ValidationReport report = new ValidationReport(file, model == null ? Models.BUNDLED : model, horizon,
                    MOST_HISTORY, scores);
            console.out().print(arguments.flag("--json") ? Json.pretty(report.json()) : report.text());
            return Command.OK;
        } catch (IllegalArgumentException e) {
            throw new CommandException(Printable.of(file) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new CommandException("interrupted", e);
        }
    }
}
