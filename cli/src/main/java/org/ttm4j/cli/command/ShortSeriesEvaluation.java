package org.ttm4j.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.cli.report.ShortSeriesReport;
import org.ttm4j.eval.validation.ShortSeriesValidation.GroupScore;
import org.ttm4j.eval.validation.ShortSeriesValidation;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.io.Json;

/** {@code ttm evaluate --short-series}: the errors on generated short seasonal series. */
final class ShortSeriesEvaluation {
    static final Option SHORT_SERIES = Option.flag("--short-series",
            "measure on generated seasonal series of 12 to 144 rows, instead of CSV files");
    static final Option SEED = new Option("--seed", "N", "with --short-series: other series (default: 1)");

    private static final Set<String> OWN = Set.of(SHORT_SERIES.name(), SEED.name(), Option.MODEL.name(),
            ModeOption.OPTION.name(), "--json");

    private ShortSeriesEvaluation() {}

    /** Whether a command line asks for it. Throws UsageException where it asks for more. */
    static boolean isAsked(Arguments arguments, List<Option> options) throws UsageException {
        if (arguments.flag(SHORT_SERIES.name())) {
            CorpusEvaluation.requireOnly(OWN, arguments, options, SHORT_SERIES.name());
            return true;
        }
        if (arguments.flag(SEED.name())) throw new UsageException(SEED.name() + ": expected " + SHORT_SERIES.name());
        return false;
    }

    static int run(Arguments arguments, Console console) throws UsageException, CommandException, IOException {
        int seed = arguments.integer(SEED.name(), 1, 0, Integer.MAX_VALUE);
        ForecastMode mode = ModeOption.of(arguments, ForecastMode.BALANCED);
        Forecaster alone = Models.forecaster(arguments, console);
        Forecaster forecaster = alone.in(mode);
        try {
            List<GroupScore> groups = ShortSeriesValidation.scores(forecaster, seed, ForkJoinPool.commonPool());
            List<GroupScore> ofModel = forecaster == alone
                    ? List.of()
                    : ShortSeriesValidation.scores(alone, seed, ForkJoinPool.commonPool());
            String model = arguments.text(Option.MODEL.name());
            ShortSeriesReport report = new ShortSeriesReport(model == null ? Models.BUNDLED : model,
                    forecaster == alone ? ForecastMode.FAST.toString() : mode.toString(), seed, groups, ofModel);
            console.out().print(arguments.flag("--json") ? Json.pretty(report.json()) : report.text());
            return Command.OK;
        } catch (IllegalArgumentException e) {
            throw new CommandException("the model cannot forecast short series: " + e.getMessage(), e);
        }
    }
}
