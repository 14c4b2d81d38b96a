package org.ttm4j.cli.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.eval.table.Cells;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.explain.Explanation.Attribution;
import org.ttm4j.forecast.explain.Explanation.Occlusion;
import org.ttm4j.forecast.explain.Explanation.Occlusion.Stretch;
import org.ttm4j.forecast.explain.Explanation.Target;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.inspect.TracedTensor;
import org.ttm4j.ttm.io.Json;

/**
 * Explanations of forecasts as a table, or as JSON with every step and the gates.
 *
 * @param series those that could be explained
 */
public record Explanations(CsvFile csv, List<ExplainedSeries> series) {

    /**
     * Writes them as a CSV, channel after channel, in the order of time: the id of the series where the file has ids, the channel
     * that is forecast, the column whose stretch it is, the times of its first and last step, the effect of its occlusion and
     * its integrated gradients; or as JSON in one line, whose numbers are the shortest of their floats or doubles.
     */
    public void writeTo(Appendable out, boolean json) throws IOException {
        if (json) {
            out.append(Json.compact(Map.of("series", series.stream().map(this::series).toList()))).append('\n');
            return;
        }
        Cells cells = new Cells(csv.layout().dialect());
        List<String> header = new ArrayList<>(
                List.of("channel", "column", "from", "to", "occlusion", "integrated_gradients"));
        header.addAll(0, csv.layout().ids());
        cells.row(out, header);
        for (ExplainedSeries one : series) {
            for (ExplainedForecast forecast : one.forecasts()) {
                for (Stretch stretch : forecast.occlusion().stretches()) {
                    List<Object> row = new ArrayList<>(csv.layout().idCells(one.series()));
                    row.add(forecast.channel());
                    row.addAll(stretch(one.series(), forecast, stretch).values());
                    cells.row(out, row);
                }
            }
        }
    }

    private Map<String, Object> series(ExplainedSeries of) {
        Map<String, Object> json = Json.object("id", of.series().id(), "model", of.model(), "forecasts",
                of.forecasts().stream().map(forecast -> forecast(of, forecast)).toList());
        if (of.combination() != null) json.put("combination", of.combinationJson());
        return json;
    }

    private static Map<String, Object> forecast(ExplainedSeries explained, ExplainedForecast of) {
        TimeSeries series = explained.series();
        DoubleFunction<Number> numbers = explained.numbers(of);
        return Json.object("channel", of.channel(), "step",
                of.target().step() == Target.ALL ? "sum" : (Object) (of.target().step() + 1), "forecast",
                numbers.apply(of.shares().forecast()), "baseline", numbers.apply(of.shares().baseline()), "stretches",
                of.occlusion().stretches().stream().map(s -> stretch(series, of, s)).toList(), "steps",
                steps(series, of), "gates", of.gates());
    }

    private static Map<String, Object> stretch(TimeSeries series, ExplainedForecast of, Stretch stretch) {
        return Json.object("column", series.channels().get(stretch.channel()), "from",
                series.axis().labelAt(stretch.from()), "to", series.axis().labelAt(stretch.to() - 1L), "occlusion",
                (float) stretch.effect(), "integratedGradients", of.share(stretch));
    }

    /** For each column that affects the forecast, every step from the first that the model reads. */
    private static List<Map<String, Object>> steps(TimeSeries series, ExplainedForecast of) {
        return IntStream.range(0, of.shares().values().length)
                .filter(c -> Arrays.stream(of.shares().values()[c]).anyMatch(share -> share != 0))
                .mapToObj(c -> Json.object("column", series.channels().get(c), "first",
                        series.axis().labelAt(of.shares().firstStep()), "gradient", floats(of.gradient().values()[c]),
                        "integratedGradients", floats(of.shares().values()[c])))
                .toList();
    }

    private static List<Float> floats(double[] values) {
        return Arrays.stream(values).mapToObj(value -> (float) value).toList();
    }

    /**
     * The weights of every gate of a trace in few numbers, for the input channel where a gate has one for each. A gate
     * over patches also has the mean over features for each patch.
     */
    public static List<Map<String, Object>> gates(Trace trace, int channel) {
        return trace.gates().stream().map(gate -> gate(gate, channel)).toList();
    }

    private static Map<String, Object> gate(TracedTensor gate, int channel) {
        float[] values = gate.values();
        boolean byChannel = gate.axes().get(0).equals("channel") && !gate.name().contains("channel_feature_mixer");
        int size = byChannel ? values.length / gate.shape().dim(0) : values.length;
        int from = byChannel ? channel * size : 0;
        DoubleSummaryStatistics weights = IntStream.range(from, from + size)
                .mapToDouble(i -> values[i])
                .summaryStatistics();
        Map<String, Object> json = Json.object("name", gate.name(), "min", (float) weights.getMin(), "mean",
                (float) weights.getAverage(), "max", (float) weights.getMax());
        if (byChannel && gate.name().endsWith("patch_mixer.gating_block")) {
            json.put("byPatch", IntStream.range(0, gate.shape().dim(1)).mapToObj(p -> mean(gate, channel, p)).toList());
        }
        return json;
    }

    private static float mean(TracedTensor gate, int channel, int patch) {
        return (float) IntStream.range(0, gate.shape().dim(2))
                .mapToDouble(feature -> gate.at(channel, patch, feature))
                .average()
                .orElseThrow();
    }

    /**
     * The explanation of the forecast of a series.
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

        /**
         * What each row of a history adds to a forecast, by integrated gradients: a panel for each column that has to do with
         * it.
         */
        public List<Panel> panels() {
            List<Panel> panels = new ArrayList<>();
            for (ExplainedForecast forecast : forecasts) {
                Attribution shares = forecast.shares();
                for (int c = 0; c < shares.values().length; c++) {
                    double[] values = shares.values()[c];
                    if (Arrays.stream(values).allMatch(share -> share == 0)) continue;
                    String title = ForecastPanel.titled(series, forecast.channel() + " by " + series.channels().get(c));
                    panels.add(ForecastPanel.line(title, series.axis(), shares.firstStep(), ForecastPanel.HISTORY,
                            "share", values));
                }
            }
            return panels;
        }

        /** A line for each channel of the combination: weights, level, and the range of the other components. */
        public List<String> combinationLines() {
            if (combination == null) return List.of();
            List<String> lines = new ArrayList<>();
            for (int row = 0; row < combination.components().size(); row++) {
                Map<String, double[]> parts = ForecastDetails.named(series, combination, row);
                lines.add(ForecastPanel.titled(series, series.channels().get(combination.channels()[row]))
                        + ", combined forecast of " + combination.horizon()
                        + (combination.horizon() == 1 ? " step: " : " steps: ")
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
            return IntStream.range(0, combination.components().size())
                    .mapToObj(row -> Json.object("channel", series.channels().get(combination.channels()[row]),
                            "weights", pairs("member", "weight", combination.weights().get(row)), "components",
                            pairs("name", "values", ForecastDetails.named(series, combination, row))))
                    .toList();
        }

        private static List<Map<String, Object>> pairs(String key, String value, Map<String, ?> of) {
            return of.entrySet().stream().map(one -> Json.object(key, one.getKey(), value, one.getValue())).toList();
        }
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
            Attribution gradient, List<Map<String, Object>> gates) {

        float share(Stretch stretch) {
            return (float) shares.sum(stretch.channel(), stretch.from(), stretch.to());
        }
    }
}
