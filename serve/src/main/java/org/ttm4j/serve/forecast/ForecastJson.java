package org.ttm4j.serve.forecast;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.table.ForecastMembers;
import org.ttm4j.eval.table.IsoTimes;
import org.ttm4j.eval.table.TotalsTable;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.live.Judged;
import org.ttm4j.serve.forecast.Forecasting.Outcome;
import org.ttm4j.serve.http.Json;

/** Forecasts as JSON. Stateless. */
public final class ForecastJson {
    private ForecastJson() {}

    /** The members of {@link ForecastMembers}, and {@code times} where the forecast has them. */
    public static Map<String, Object> members(Forecast forecast, boolean flat) {
        Iterable<String> times = forecast.times()
                .map(all -> (Iterable<String>) () -> all.stream().map(IsoTimes::text).iterator())
                .orElse(null);
        Map<String, Object> members = Json.object("times", times);
        members.putAll(ForecastMembers.of(forecast, flat));
        return members;
    }

    /** How a value was judged; a score that is infinite is left out. The level is rounded to a float, so that 0.9 is not written as 0.9000000000000001. */
    public static Map<String, Object> members(Judged one) {
        return Json.object("kind", one.kind().toString(), "value", one.value(), "forecast", one.forecast(), "lower",
                one.lower(), "upper", one.upper(), "level", (float) one.level(), "score",
                Double.isInfinite(one.score()) ? null : one.score());
    }

    /** Numbers of history in one answer; longer histories are cut at their beginning. */
    private static final int MOST_NUMBERS = 200_000;

    /**
     * The members {@code time}, {@code columns}, {@code forecasts}, {@code repaired} and {@code left_out}.
     *
     * @param tables what is known of each series
     * @param outcomes of the series of the table, in their order
     * @param history the last steps of each series to repeat
     * @param sums what is wanted beside the medians
     */
    static Map<String, Object> members(CsvFile csv, List<TableBody.Known> tables, List<Outcome> outcomes, int history,
            Sums sums) {
        int channels = csv.series().stream().mapToInt(series -> series.channels().size()).sum();
        int steps = Math.min(history, MOST_NUMBERS / Math.max(1, channels));
        List<Map<String, Object>> forecasts = new ArrayList<>();
        List<Map<String, Object>> leftOut = TableBody.leftOut(csv);
        for (int i = 0; i < outcomes.size(); i++) {
            TimeSeries series = csv.series().get(i);
            if (outcomes.get(i).problem() == null) {
                forecasts.add(forecast(tables.get(i), outcomes.get(i), steps, sums));
            } else {
                leftOut.add(Json.object("id", series.id(), "detail", outcomes.get(i).problem().getMessage()));
            }
        }
        return Json.object("time", csv.layout().time(), "columns", csv.layout().columns(), "forecasts", forecasts,
                "repaired", csv.report().lines().map(TableBody::inQuery).toList(), "left_out", leftOut);
    }

    private static Map<String, Object> forecast(TableBody.Known table, Outcome outcome, int history, Sums sums) {
        TimeSeries series = table.history();
        int end = series.length();
        int from = Math.max(0, end - history);
        int targets = series.channels().size() - table.names().size();
        List<Map<String, Object>> drivers = new ArrayList<>();
        for (int i = 0; i < table.names().size(); i++) {
            int row = i;
            boolean isCategorical = IntStream.of(table.categorical()).anyMatch(one -> one == row);
            drivers.add(Json.object("name", table.names().get(i), "history",
                    Arrays.copyOfRange(series.doubleChannel(targets + i), from, end), "future", table.future()[i],
                    "categorical", isCategorical ? true : null));
        }
        // To the millisecond, as a request may have it: the mean step of open times has more digits.
        Object frequency = series.axis()
                .frequency()
                .toTemporalAmount()
                .map(step -> step instanceof Duration length ? length.truncatedTo(ChronoUnit.MILLIS) : step)
                .orElse(null);
        Map<String, Object> members = ForecastMembers.of(series, outcome.forecast(), history);
        members.putAll(Json.object("drivers", drivers.isEmpty() ? null : drivers, "frequency",
                frequency == null ? null : frequency.toString()));
        members.putAll(sums.members(outcome.forecast(), period -> TotalsTable.of(outcome.forecast(), period, series),
                step -> IsoTimes.of(series.axis(), end + step, end + step + 1).get(0), false, null));
        return members;
    }
}
