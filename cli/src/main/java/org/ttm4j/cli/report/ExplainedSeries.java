package org.ttm4j.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.Curve;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.forecast.explain.Attribution;
import org.ttm4j.forecast.explain.Occlusion;
import org.ttm4j.forecast.explain.Target;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.inspect.TracedTensor;

/**
 * What the forecast of a series rests on.
 *
 * @param model that made it
 * @param forecasts one for each channel that is forecast
 */
public record ExplainedSeries(TimeSeries series, String model, List<ExplainedForecast> forecasts) {

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
                int first = shares.firstStep();
                double[] times = IntStream.range(first, first + values.length)
                        .mapToDouble(series.axis()::localTimeAt)
                        .toArray();
                panels.add(
                        Panel.of(ForecastPicture.titled(series, forecast.channel() + " by " + series.channels().get(c)),
                                ForecastPanel.across(series.axis(), first, first + values.length - 1),
                                List.of(Curve.line(ForecastPanel.HISTORY, "share", times, values))));
            }
        }
        return panels;
    }

    /**
     * A step of the forecast of a channel, or the sum of all.
     *
     * @param channel name of the channel
     * @param target which step
     * @param occlusion by stretches
     * @param shares integrated gradients of every step
     * @param gradient of every step; null where it is not wanted
     * @param gates of the model on the way to the forecast; none where they are not wanted
     */
    public record ExplainedForecast(String channel, Target target, Occlusion occlusion, Attribution shares,
            Attribution gradient, List<GateSummary> gates) {}

    /**
     * The weights of a gate in few numbers.
     *
     * @param name of the layer, as in the checkpoint
     * @param min of its weights
     * @param mean of its weights
     * @param max of its weights
     * @param byPatch the mean over features for each patch, of a gate over patches; empty for others
     */
    public record GateSummary(String name, double min, double mean, double max, List<Double> byPatch) {

        /** Of every gate of a trace, for the input channel where a gate has one for each. */
        public static List<GateSummary> of(Trace trace, int channel) {
            return trace.gates().stream().map(gate -> of(gate, channel)).toList();
        }

        private static GateSummary of(TracedTensor gate, int channel) {
            float[] values = gate.array().values();
            boolean byChannel = gate.axes().get(0).equals("channel") && !gate.name().contains("channel_feature_mixer");
            int size = byChannel ? values.length / gate.shape().dim(0) : values.length;
            int from = byChannel ? channel * size : 0;
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (int i = from; i < from + size; i++) {
                min = Math.min(min, values[i]);
                max = Math.max(max, values[i]);
                sum += values[i];
            }
            List<Double> byPatch = new ArrayList<>();
            boolean overPatches = byChannel && gate.name().endsWith("patch_mixer.gating_block");
            for (int p = 0; overPatches && p < gate.shape().dim(1); p++) {
                int features = gate.shape().dim(2);
                double ofPatch = 0;
                for (int d = 0; d < features; d++) ofPatch += gate.at(channel, p, d) / features;
                byPatch.add(ofPatch);
            }
            return new GateSummary(gate.name(), min, sum / size, max, byPatch);
        }
    }
}
