package org.ttm4j.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.explain.Attribution;
import org.ttm4j.forecast.explain.Occlusion;
import org.ttm4j.forecast.explain.Target;
import org.ttm4j.ttm.io.Json;

/**
 * What the forecast of a series rests on.
 *
 * @param model that made it
 * @param forecasts one for each channel that is forecast
 * @param combination of the model with others, with components; null where there is none
 */
public record ExplainedSeries(TimeSeries series, String model, List<ExplainedForecast> forecasts,
        Forecast combination) {

    /** How the forecasts of a channel are shown. */
    public DoubleFunction<Number> numbers(ExplainedForecast of) {
        return series.numbers(series.channels().indexOf(of.channel));
    }

    /** What each row of a history adds to a forecast, by integrated gradients: a panel for each column that has to do with it. */
    public List<Panel> panels() {
        List<Panel> panels = new ArrayList<>();
        for (ExplainedForecast forecast : forecasts) {
            Attribution shares = forecast.shares();
            for (int c = 0; c < shares.values().length; c++) {
                double[] values = shares.values()[c];
                if (Arrays.stream(values).allMatch(share -> share == 0)) continue;
                String title = ForecastPanel.titled(series, forecast.channel() + " by " + series.channels().get(c));
                panels.add(ForecastPanel.line(title, series.axis(), shares.firstStep(), ForecastPanel.HISTORY, "share",
                        values));
            }
        }
        return panels;
    }

    /** A line for each channel of the combination: the weights, the level, and the range of all else over the steps. */
    public List<String> combinationLines() {
        if (combination == null) return List.of();
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < combination.components().size(); row++) {
            Map<String, double[]> parts = ForecastDetails.named(series, combination, row);
            lines.add(ForecastPanel.titled(series, series.channels().get(combination.channels()[row]))
                    + ", combined forecast of " + combination.horizon() + " steps: "
                    + combination.weights()
                            .get(row)
                            .entrySet()
                            .stream()
                            .map(weight -> Math.round(100 * weight.getValue()) + " % " + weight.getKey()
                                    + range(parts.get("member." + weight.getKey()), " (", ")"))
                            .collect(Collectors.joining(", "))
                    + "; "
                    + parts.entrySet()
                            .stream()
                            .filter(part -> !part.getKey().startsWith("member."))
                            .map(part -> part.getKey() + range(part.getValue(), " ", ""))
                            .collect(Collectors.joining(", ")));
        }
        return lines;
    }

    private static String range(double[] part, String before, String after) {
        if (part == null) return "";
        DoubleSummaryStatistics of = Arrays.stream(part).summaryStatistics();
        String range = of.getMin() == of.getMax()
                ? String.format(Locale.ROOT, "%.4g", of.getMin())
                : String.format(Locale.ROOT, "%.3g to %.3g", of.getMin(), of.getMax());
        return before + range + after;
    }

    /** The combination as JSON, by channel: weights and components. */
    List<Map<String, Object>> combinationJson() {
        List<Map<String, Object>> channels = new ArrayList<>();
        for (int row = 0; row < combination.components().size(); row++) {
            List<Map<String, Object>> weights = new ArrayList<>();
            combination.weights()
                    .get(row)
                    .forEach((member, weight) -> weights.add(Json.object("member", member, "weight", weight)));
            List<Map<String, Object>> parts = new ArrayList<>();
            ForecastDetails.named(series, combination, row)
                    .forEach((name, part) -> parts
                            .add(Json.object("name", name, "values", Arrays.stream(part).boxed().toList())));
            channels.add(Json.object("channel", series.channels().get(combination.channels()[row]), "weights", weights,
                    "components", parts));
        }
        return channels;
    }

    /**
     * A step of the forecast of a channel, or the sum of all.
     *
     * @param channel name of the channel
     * @param target which step
     * @param occlusion by stretches
     * @param shares integrated gradients of every step
     * @param gradient of every step; null where it is not wanted
     * @param gates of the model on the way to the forecast, as {@link Explanations#gates} makes them; none where they
     *     are not wanted
     */
    public record ExplainedForecast(String channel, Target target, Occlusion occlusion, Attribution shares,
            Attribution gradient, List<Map<String, Object>> gates) {}
}
