package org.ttm4j.cli.command;

import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.Printable;
import org.ttm4j.eval.report.Digits;
import org.ttm4j.eval.validation.Validation;
import org.ttm4j.eval.validation.Validation.SetScore;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.rolling.Scores;
import org.ttm4j.forecast.rolling.SimpleForecast;
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
    static boolean isAsked(Arguments arguments) throws UsageException {
        boolean asked = arguments.flag(CORPUS.name());
        if (asked != (arguments.flag(VALIDATION.name()) || arguments.flag(KEPT_ASIDE.name()))) {
            throw new UsageException(
                    CORPUS.name() + " FILE goes together with " + VALIDATION.name() + " or " + KEPT_ASIDE.name());
        }
        if (!asked) arguments.requireNone(List.of(HISTORY, HORIZON_TIMES), CORPUS.name() + " FILE");
        if (arguments.flag(HORIZON) && arguments.flag(HORIZON_TIMES.name())) {
            throw new UsageException(HORIZON + " and " + HORIZON_TIMES.name() + " exclude each other");
        }
        if (asked) arguments.requireOnly(OWN, CORPUS.name());
        return asked;
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
        try (Console.Progress progress = console.progress("windows",
                validations.stream().mapToInt(Validation::windows).sum())) {
            for (Validation validation : validations) {
                scores.add(validation.setScore(forecaster, history, calibrated,
                        Runtime.getRuntime().availableProcessors(), progress::add));
            }
        }
        return scores;
    }

    /**
     * The errors of a model or of a combination on data sets that were kept aside from training, beside those of the seasonal
     * naive forecast and of another method: for a combination the model alone; for a model with a quantile head the same forecasts
     * with quantiles from their errors in the past.
     *
     * @param corpus its file, as the command line names it
     * @param mode of the forecasts
     * @param history the most steps before a window that the model is given
     * @param sets what was measured
     * @param other the same for another method; empty for none
     * @param combined whether {@code sets} are of a combination
     */
    private record ValidationReport(String corpus, String model, String mode, int history, List<SetScore> sets,
            List<SetScore> other, boolean combined) {
        private static final Map<String, ToDoubleFunction<Scores>> ERRORS = new LinkedHashMap<>();

        static {
            ERRORS.put("mse", Scores::mse);
            ERRORS.put("mase", Scores::mase);
            ERRORS.put("crps", scores -> scores.quantiles().crps());
        }

        /** Methods that are compared, by their titles. */
        private Map<String, List<Scores>> methods() {
            Map<String, List<Scores>> methods = new LinkedHashMap<>();
            methods.put(combined ? "combined" : "model", of(sets, SetScore::model));
            if (!other.isEmpty()) methods.put(otherName(), of(other, SetScore::model));
            methods.put("seasonal naive", of(sets, SetScore::naive));
            return methods;
        }

        private String otherName() {
            return combined ? "model" : "calibrated";
        }

        private static List<Scores> of(List<SetScore> sets, Function<SetScore, Scores> method) {
            return sets.stream().map(method).toList();
        }

        /** The geometric mean over the sets of a method's error over another's, where both have one. */
        private static double ratio(List<Scores> method, List<Scores> other, ToDoubleFunction<Scores> error) {
            return Math.exp(IntStream.range(0, method.size())
                    .mapToDouble(s -> Math.log(error.applyAsDouble(method.get(s)) / error.applyAsDouble(other.get(s))))
                    .filter(Double::isFinite)
                    .average()
                    .orElse(Double.NaN));
        }

        private static Map<String, Object> ratios(List<Scores> method, List<Scores> other) {
            Map<String, Object> ratios = new LinkedHashMap<>();
            ERRORS.forEach((name, error) -> ratios.put(name, Json.finite(ratio(method, other, error))));
            return ratios;
        }

        /** Sets on which the error is below that of the other method. */
        private long better(ToDoubleFunction<Scores> error) {
            return IntStream.range(0, sets.size())
                    .filter(s -> error.applyAsDouble(sets.get(s).model()) < error.applyAsDouble(other.get(s).model()))
                    .count();
        }

        Map<String, Object> json() {
            Map<String, Object> json = Json.object("corpus", corpus, "model", model, "mode", mode);
            boolean same = sets.stream().mapToInt(SetScore::horizon).distinct().count() == 1;
            if (same) json.put("horizon", sets.get(0).horizon());
            json.put("history", history);
            List<Object> list = new ArrayList<>();
            for (int s = 0; s < sets.size(); s++) {
                SetScore set = sets.get(s);
                Map<String, Object> entry = Json.object("name", set.name(), "frequency", set.frequency().toString(),
                        "horizon", set.horizon(), "windows", set.windows(), "calibrated_windows", set.calibrated());
                entry.putAll(json(set.model()));
                entry.put(SimpleForecast.SEASONAL_NAIVE.key(), json(set.naive()));
                if (!other.isEmpty()) entry.put(otherName(), json(other.get(s).model()));
                list.add(entry);
            }
            json.put("sets", list);
            List<Scores> own = of(sets, SetScore::model);
            List<Scores> naive = of(sets, SetScore::naive);
            json.put("over_seasonal_naive", ratios(own, naive));
            if (other.isEmpty()) return json;
            List<Scores> ofOther = of(other, SetScore::model);
            json.put(otherName() + "_over_seasonal_naive", ratios(ofOther, naive));
            json.put("over_" + otherName(), ratios(own, ofOther));
            Map<String, Object> better = new LinkedHashMap<>();
            ERRORS.forEach((name, error) -> better.put(name, better(error)));
            json.put("sets_better_than_" + otherName(), better);
            return json;
        }

        private static Map<String, Object> json(Scores scores) {
            Map<String, Object> json = new LinkedHashMap<>();
            ERRORS.forEach((name, error) -> json.put(name, Json.finite(error.applyAsDouble(scores))));
            json.put("coverage", Json.finite(scores.quantiles().coverage()[0]));
            return json;
        }

        String text() {
            Map<String, List<Scores>> methods = methods();
            StringBuilder text = new StringBuilder(String.format(Locale.ROOT,
                    "%s, model %s%s: %s after a history of up to %,d%n%-23s %10s %5s %7s", Printable.of(corpus),
                    Printable.of(model), combined ? " combined (" + mode + ")" : "", steps(), history, "", "", "", ""));
            methods.keySet().forEach(title -> text.append(String.format(Locale.ROOT, "   %-31s", title)));
            text.append(String.format(Locale.ROOT, "%n%-23s %10s %5s %7s", "", "", "steps", "windows"));
            methods.keySet().forEach(title -> text.append("      MSE   MASE   CRPS  in 80 %"));
            text.append(System.lineSeparator());
            for (int s = 0; s < sets.size(); s++) {
                SetScore set = sets.get(s);
                text.append(String.format(Locale.ROOT, "%-23s %10s %5d %7d", Printable.shortened(set.name()),
                        frequency(set.frequency()), set.horizon(), set.windows()));
                for (List<Scores> method : methods.values()) text.append("   ").append(row(method.get(s)));
                text.append(System.lineSeparator());
            }
            List<Scores> naive = of(sets, SetScore::naive);
            text.append(String.format(Locale.ROOT, "%-48s", "over seasonal naive, geometric mean"));
            methods.values()
                    .stream()
                    .filter(method -> !method.equals(naive))
                    .forEach(method -> text.append(geometricMeans(method, naive)));
            text.append(System.lineSeparator());
            if (!other.isEmpty()) {
                text.append(String.format(Locale.ROOT, "%-48s%s%n",
                        combined
                                ? "combined over the model alone, geometric mean"
                                : "own quantiles over calibrated ones",
                        geometricMeans(of(sets, SetScore::model), of(other, SetScore::model))));
                text.append(String.format(Locale.ROOT, "%-48s   %6d %6d %6d of %d%n", "sets on which it is better",
                        better(ERRORS.get("mse")), better(ERRORS.get("mase")), better(ERRORS.get("crps")),
                        sets.size()));
            }
            for (SetScore set : sets) {
                if (set.calibrated() == set.windows()) continue;
                text.append(String.format(Locale.ROOT, "%s: CRPS and intervals of the %d windows with enough history%n",
                        Printable.shortened(set.name()), set.calibrated()));
            }
            return text.toString();
        }

        /** A corpus has months as their mean length. */
        private static Frequency frequency(Duration step) {
            long month = ChronoUnit.MONTHS.getDuration().toSeconds();
            boolean months = step.toSeconds() >= month && step.toSeconds() % month == 0;
            return months ? Frequency.parse("P" + step.toSeconds() / month + "M") : Frequency.ofMillis(step.toMillis());
        }

        private String steps() {
            int least = sets.stream().mapToInt(SetScore::horizon).min().orElse(0);
            int most = sets.stream().mapToInt(SetScore::horizon).max().orElse(0);
            return least == most ? least + " steps" : least + " to " + most + " steps";
        }

        private static String geometricMeans(List<Scores> method, List<Scores> other) {
            return "   " + ERRORS.values()
                    .stream()
                    .map(error -> cell(ratio(method, other, error)))
                    .collect(Collectors.joining(" ")) + "          ";
        }

        /** A dash where nothing was measured. */
        private static String cell(double value) {
            return Double.isNaN(value) ? "     –" : String.format(Locale.ROOT, "%6.3f", value);
        }

        private static String row(Scores scores) {
            return String.format(Locale.ROOT, "%6.4f %s %s %9s", scores.mse(), cell(scores.mase()),
                    cell(scores.quantiles().crps()), Digits.percent(scores.quantiles().coverage()[0]));
        }
    }
}
