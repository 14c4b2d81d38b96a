package org.ttm4j.serve.forecast;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.DataException;
import org.ttm4j.eval.table.ForecastMembers;
import org.ttm4j.eval.table.ForecastTable;
import org.ttm4j.eval.table.TotalsTable;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.Total;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.JsonBody;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;

/**
 * What a request wants beside the median of each step.
 *
 * @param mean whether the means are answered
 * @param samples paths that are answered
 * @param total the period of totals; null for none
 */
public record Sums(boolean mean, int samples, Total.Period total) {
    static final Sums NONE = new Sums(false, 0, null);

    private static final int MOST_SAMPLES = 1000;
    /** Paths that totals rest on, however many are answered. */
    private static final int PATHS_OF_TOTALS = 1000;
    private static final int LONGEST = 16;

    /** These with the value of a member, mean, samples or total, which comes next in the body. */
    Sums with(String member, JsonBody json) throws IOException {
        return switch (member) {
            case "mean" -> new Sums(json.truth(), samples, total);
            case "samples" -> new Sums(mean, json.integer(2, MOST_SAMPLES), total);
            case "total" -> new Sums(mean, samples, period(json.text(LONGEST), "/total"));
            default -> throw new IllegalArgumentException("expected mean, samples or total, found " + member);
        };
    }

    /** Those that the query of a table asks for. */
    static Sums of(Exchange exchange) {
        String total = exchange.query("total");
        return new Sums(exchange.queryTruth("mean"), 0, total == null ? null : period(total, null));
    }

    private static Total.Period period(String name, String pointer) {
        for (Total.Period period : Total.Period.values()) {
            if (period.name().toLowerCase(Locale.ROOT).equals(name)) return period;
        }
        throw new Problem(Type.INVALID_VALUE, "expected a total by week, month or horizon", pointer);
    }

    /** @throws Problem when something is wanted of a model alone */
    void requireCombined(Forecaster forecaster) {
        if (equals(NONE) || forecaster.info().combines()) return;
        throw new Problem(Type.CANNOT_FORECAST,
                "this model alone has no mean, samples and totals: leave them out, or take the mode balanced");
    }

    ForecastRequest on(ForecastRequest request) {
        int paths = total == null ? samples : PATHS_OF_TOTALS;
        return paths == 0 ? request : request.withSamples(paths);
    }

    /**
     * The members {@code mean}, {@code samples} and {@code totals}, in so far as they are wanted.
     *
     * @param totals those of the forecast by a period
     * @param times as they are written; null for none
     * @throws Problem when there are no such totals
     */
    Map<String, Object> members(Forecast forecast, Function<Total.Period, List<Total>> totals,
            IntFunction<Object> times, boolean flat, String pointer) {
        Object[] means = forecast.mean().orElse(null);
        // As many paths as are answered: each is as likely as another.
        Object[] paths = samples == 0
                ? null
                : Stream.of(forecast.samples().orElseThrow())
                        .map(all -> Arrays.copyOf(all, samples))
                        .toArray(double[][][]::new);
        List<Map<String, Object>> sums = total == null
                ? null
                : Problem.refusing(Type.CANNOT_FORECAST, pointer,
                        () -> totals.apply(total).stream().map(of -> members(of, forecast, times, flat)).toList());
        return Json.object("mean", mean ? ForecastMembers.rows(means, flat) : null, "samples",
                samples > 0 ? ForecastMembers.rows(paths, flat) : null, "totals", sums);
    }

    /** Writes the table of a file: of totals, or of steps. */
    void write(CsvFile csv, List<Forecast> forecasts, Appendable out) throws IOException {
        try {
            if (total == null) {
                new ForecastTable(csv, forecasts, -1, mean).writeTo(out);
                return;
            }
            double[] levels = forecasts.get(0).quantiles().orElseThrow().levels();
            new TotalsTable(csv, forecasts, total, levels, -1).writeTo(out);
        } catch (DataException twice) {
            throw new Problem(Type.INVALID_VALUE, twice.getMessage());
        } catch (IllegalArgumentException noTotals) {
            throw new Problem(Type.CANNOT_FORECAST, noTotals.getMessage());
        }
    }

    private static Map<String, Object> members(Total total, Forecast forecast, IntFunction<Object> times,
            boolean flat) {
        Map<String, Object> quantiles = new LinkedHashMap<>();
        for (double level : forecast.quantiles().orElseThrow().levels()) {
            quantiles.put(Double.toString(level), quantile(total, level, flat));
        }
        return Json.object("from", times == null ? null : times.apply(total.from()), "to",
                times == null ? null : times.apply(total.to() - 1), "steps", total.to() - total.from(), "values",
                quantile(total, 0.5, flat), "mean", flat ? (Object) total.mean()[0] : total.mean(), "quantiles",
                quantiles);
    }

    private static Object quantile(Total total, double level, boolean flat) {
        double[] values = new double[total.mean().length];
        Arrays.setAll(values, row -> total.quantile(row, level));
        return flat ? (Object) values[0] : values;
    }
}
