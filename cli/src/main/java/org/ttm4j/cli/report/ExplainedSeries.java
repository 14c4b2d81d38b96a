package org.ttm4j.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.forecast.explain.Attribution;
import org.ttm4j.forecast.explain.Occlusion;
import org.ttm4j.forecast.explain.Target;

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
                String title = ForecastPanel.titled(series, forecast.channel() + " by " + series.channels().get(c));
                panels.add(ForecastPanel.line(title, series.axis(), shares.firstStep(), ForecastPanel.HISTORY, "share",
                        values));
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
     * @param gates of the model on the way to the forecast, as {@link Explanations#gates} makes them; none where they
     *     are not wanted
     */
    public record ExplainedForecast(String channel, Target target, Occlusion occlusion, Attribution shares,
            Attribution gradient, List<Map<String, Object>> gates) {}
}
