package org.ttm4j.eval.page;

import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Json;

/**
 * A channel that the page can show. Immutable.
 *
 * @param series the series, of which the page has at most the steps that the model sees
 * @param channel the index of the channel in the series
 */
public record PageSeries(TimeSeries series, int channel) {
    /** All channels of the given series. */
    public static List<PageSeries> of(List<TimeSeries> all) {
        List<PageSeries> shown = new ArrayList<>();
        for (TimeSeries series : all) {
            for (int c = 0; c < series.channels().size(); c++) shown.add(new PageSeries(series, c));
        }
        return shown;
    }

    /** The object that series.js describes. The times continue for the horizon of the model. */
    Map<String, Object> json(TtmConfig config) {
        int from = Math.max(0, series.length() - config.contextLength());
        DoubleFunction<Number> numbers = series.numbers(channel);
        TemporalAmount frequency = series.axis().frequency().toTemporalAmount().orElse(null);
        Season season = Season.of(frequency, config.contextLength());
        return Json.object("name", Printable.of(ForecastPanel.titled(series, series.channels().get(channel))),
                "seconds", frequency == null ? null : seconds(frequency), "season",
                season.steps() == 1 ? null : Json.object("steps", season.steps(), "name", season.name()), "values",
                Arrays.stream(series.doubleChannel(channel), from, series.length())
                        .mapToObj(value -> Double.isFinite(value) ? numbers.apply(value) : null)
                        .toList(),
                "times",
                IntStream.range(from, series.length() + config.outputLength())
                        .mapToObj(t -> Printable.of(series.axis().readableAt(t)))
                        .toList());
    }

    /** The length of a step in seconds; null for months, whose lengths differ. */
    private static Double seconds(TemporalAmount frequency) {
        boolean ofMonths = frequency instanceof Period period && period.toTotalMonths() > 0;
        return ofMonths ? null : (Double) (Season.length(frequency).toMillis() / 1000.0);
    }
}
