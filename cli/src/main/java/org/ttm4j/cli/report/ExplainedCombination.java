package org.ttm4j.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.ttm.io.Json;

/**
 * What the combination makes of a series: the weights of its members, and what trend, seasons and members contribute.
 *
 * @param series that is forecast
 * @param forecast with components
 */
public record ExplainedCombination(TimeSeries series, Forecast forecast) {

    /** A line for each channel: the largest weights, the level, and the range of all else over the steps. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < forecast.components().size(); row++) {
            Map<String, double[]> parts = ForecastDetails.named(series, forecast, row);
            lines.add(ForecastPanel.titled(series, series.channels().get(forecast.channels()[row]))
                    + ", combined forecast of " + forecast.horizon() + " steps: "
                    + forecast.weights()
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

    /** By channel, weights and components as JSON. */
    List<Map<String, Object>> json() {
        List<Map<String, Object>> channels = new ArrayList<>();
        for (int row = 0; row < forecast.components().size(); row++) {
            List<Map<String, Object>> weights = new ArrayList<>();
            forecast.weights()
                    .get(row)
                    .forEach((member, weight) -> weights.add(Json.object("member", member, "weight", weight)));
            List<Map<String, Object>> parts = new ArrayList<>();
            ForecastDetails.named(series, forecast, row)
                    .forEach((name, part) -> parts
                            .add(Json.object("name", name, "values", Arrays.stream(part).boxed().toList())));
            channels.add(Json.object("channel", series.channels().get(forecast.channels()[row]), "weights", weights,
                    "components", parts));
        }
        return channels;
    }
}
