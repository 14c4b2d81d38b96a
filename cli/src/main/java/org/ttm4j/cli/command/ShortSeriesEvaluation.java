package org.ttm4j.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.eval.validation.ShortSeriesValidation;
import org.ttm4j.eval.validation.ShortSeriesValidation.GroupScore;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.io.Json;

/** {@code ttm evaluate --short-series}: the errors on generated short seasonal series. */
final class ShortSeriesEvaluation {
    static final Option SHORT_SERIES = Option.flag("--short-series",
            "measure on generated seasonal series of 12 to 144 rows, instead of CSV files");
    static final Option SEED = new Option("--seed", "N", "with --short-series: other series (default: 1)");

    private static final Set<String> OWN = Set.of(SHORT_SERIES.name(), SEED.name(), Option.MODEL.name(),
            Models.MODE.name(), "--json");

    private ShortSeriesEvaluation() {}

    /** Whether a command line asks for it. Throws UsageException when an option does not belong to it. */
    static boolean isAsked(Arguments arguments) throws UsageException {
        boolean asked = arguments.flag(SHORT_SERIES.name());
        if (asked) arguments.requireOnly(OWN, SHORT_SERIES.name());
        else arguments.requireNone(List.of(SEED), SHORT_SERIES.name());
        return asked;
    }

    static int run(Arguments arguments, Console console) throws IOException {
        int seed = arguments.integer(SEED.name(), 1, 0, Integer.MAX_VALUE);
        ForecastMode mode = Models.mode(arguments, ForecastMode.BALANCED);
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

    /**
     * The errors on generated short series, over those of the last season repeated.
     *
     * @param mode of the forecasts
     * @param groups what was measured
     * @param alone the same for the model alone, where {@code groups} are of a combination; else empty
     */
    private record ShortSeriesReport(String model, String mode, long seed, List<GroupScore> groups,
            List<GroupScore> alone) {

        private static double geometricMean(List<GroupScore> scores) {
            return Math.exp(scores.stream().mapToDouble(score -> Math.log(score.ratio())).average().orElse(Double.NaN));
        }

        private static double worst(List<GroupScore> scores) {
            return scores.stream().mapToDouble(GroupScore::ratio).max().orElse(Double.NaN);
        }

        public Map<String, Object> json() {
            Map<String, Object> json = Json.object("model", model, "mode", mode, "seed", seed, "series_per_group",
                    ShortSeriesValidation.SERIES);
            List<Object> list = new ArrayList<>();
            for (int g = 0; g < groups.size(); g++) {
                GroupScore score = groups.get(g);
                Map<String, Object> entry = Json.object("frequency", score.group().frequency().toString(), "rows",
                        score.group().rows(), "horizon", score.group().horizon(), "with_quantiles",
                        score.withQuantiles(), "mae_over_seasonal_naive", Json.finite(score.ratio()), "coverage",
                        Json.finite(score.model().quantiles().coverage()[0]));
                if (!alone.isEmpty()) entry.put("model", Json.finite(alone.get(g).ratio()));
                list.add(entry);
            }
            json.put("groups", list);
            json.put("mae_over_seasonal_naive", Json.finite(geometricMean(groups)));
            json.put("worst", Json.finite(worst(groups)));
            if (!alone.isEmpty()) json.put("model", Json.finite(geometricMean(alone)));
            return json;
        }

        public String text() {
            StringBuilder text = new StringBuilder(String.format(Locale.ROOT,
                    "model %s (%s), seed %d, %d series of each: MAE over that of the last season repeated%n"
                            + "%-10s %5s %6s %8s %8s %10s%n",
                    Printable.of(model), mode, seed, ShortSeriesValidation.SERIES, "", "rows", "steps",
                    alone.isEmpty() ? "" : "combined", "model", "in 80 %"));
            for (int g = 0; g < groups.size(); g++) {
                GroupScore score = groups.get(g);
                text.append(String.format(Locale.ROOT, "%-10s %5d %6d %s %s%n", score.group().name(),
                        score.group().rows(), score.group().horizon(),
                        ratios(score.ratio(), alone.isEmpty() ? Double.NaN : alone.get(g).ratio()), coverage(score)));
            }
            return text + line("geometric mean", geometricMean(groups), geometricMean(alone))
                    + line("worst", worst(groups), worst(alone));
        }

        private String line(String name, double own, double ofModel) {
            return String.format(Locale.ROOT, "%-23s %s%n", name, ratios(own, ofModel));
        }

        private String ratios(double own, double ofModel) {
            return alone.isEmpty()
                    ? String.format(Locale.ROOT, "%8s %8.3f", "", own)
                    : String.format(Locale.ROOT, "%8.3f %8.3f", own, ofModel);
        }

        private static String coverage(GroupScore score) {
            if (score.withQuantiles() == 0) return String.format("%10s", "–");
            return String.format(Locale.ROOT, "%8.1f %%", 100 * score.model().quantiles().coverage()[0])
                    + (score.withQuantiles() < ShortSeriesValidation.SERIES ? " of " + score.withQuantiles() : "");
        }
    }
}
