package org.ttm4j.eval.page;

import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Json;

/**
 * A channel that the page can show. Immutable.
 *
 * @param name the name of the channel, with the id of the series if there are several
 * @param series the series, of which the page has at most the steps that the model sees
 * @param channel the index of the channel in the series
 */
public record PageSeries(String name, TimeSeries series, int channel) {
    /** All channels of the given series. */
    public static List<PageSeries> of(List<TimeSeries> all) {
        List<PageSeries> shown = new ArrayList<>();
        for (TimeSeries series : all) {
            for (int c = 0; c < series.channels().size(); c++) {
                String name = series.channels().get(c);
                shown.add(new PageSeries(series.id() == null ? name : series.id() + " · " + name, series, c));
            }
        }
        return shown;
    }

    /** The object that series.js describes. The times continue for the horizon of the model. */
    Map<String, Object> json(TtmConfig config) {
        int from = Math.max(0, series.length() - config.contextLength());
        DoubleFunction<Number> numbers = series.numbers(channel);
        TemporalAmount frequency = series.axis().frequency().toTemporalAmount().orElse(null);
        Season season = Season.of(frequency, config.contextLength());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", Printable.of(name));
        json.put("seconds", frequency == null ? null : seconds(frequency));
        json.put("season", season.steps() == 1 ? null : Json.object("steps", season.steps(), "name", season.name()));
        json.put("values",
                Arrays.stream(series.doubleChannel(channel), from, series.length())
                        .mapToObj(value -> Double.isFinite(value) ? numbers.apply(value) : null)
                        .toList());
        json.put("times",
                IntStream.range(from, series.length() + config.outputLength())
                        .mapToObj(t -> Printable.of(series.axis().readableAt(t)))
                        .toList());
        return json;
    }

    /** The length of a step in seconds; null for months, whose lengths differ. */
    private static Double seconds(TemporalAmount frequency) {
        if (frequency instanceof Duration duration) return duration.toMillis() / 1000.0;
        Period period = (Period) frequency;
        return period.toTotalMonths() > 0 ? null : (double) Duration.ofDays(period.getDays()).toSeconds();
    }
}
