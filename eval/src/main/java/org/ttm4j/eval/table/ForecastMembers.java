package org.ttm4j.eval.table;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.DriverEffect;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.ttm.io.Json;

/**
 * Forecasts as members of JSON objects, which the service answers and a page shows. A supplier makes a large value when it is
 * written. Stateless.
 */
public final class ForecastMembers {
    private ForecastMembers() {}

    /**
     * The members {@code values}, {@code quantiles}, {@code model}, {@code weights}, {@code components},
     * {@code driver_effects} and {@code notes}; those that the forecast lacks are left out.
     *
     * @param flat whether the one channel is written as an array of numbers, not of arrays
     */
    public static Map<String, Object> of(Forecast forecast, boolean flat) {
        Map<String, Object> quantiles = new LinkedHashMap<>();
        forecast.quantiles().ifPresent(all -> {
            for (double level : all.levels()) {
                quantiles.put(Double.toString(level), (Supplier<?>) () -> rows(all.doublesAt(level), flat));
            }
        });
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("values", (Supplier<?>) () -> rows(forecast.doubleValues(), flat));
        if (!quantiles.isEmpty()) members.put("quantiles", quantiles);
        members.put("model", forecast.models().get(0).name());
        if (!forecast.weights().isEmpty()) members.put("weights", rows(forecast.weights().toArray(), flat));
        if (!forecast.components().isEmpty()) members.put("components", rows(forecast.components().toArray(), flat));
        List<Map<String, Object>> effects = forecast.driverEffects().stream().map(ForecastMembers::of).toList();
        if (!effects.isEmpty()) members.put("driver_effects", effects);
        members.put("notes", forecast.notes());
        return members;
    }

    private static Map<String, Object> of(DriverEffect effect) {
        Map<String, Object> members = Json.object("channel", effect.channel(), "driver", effect.driver(), "effect",
                effect.effect(), "error", effect.error(), "share", effect.share());
        effect.category().ifPresent(category -> members.put("category", category));
        return members;
    }

    /** The rows of all channels, or the one alone. */
    public static Object rows(Object[] channels, boolean flat) {
        return flat ? channels[0] : channels;
    }

    /**
     * The members of a forecast and of the series that it continues, with {@code id}, {@code channels}, {@code history} and {@code times}; its notes name
     * the channels.
     *
     * @param history the last steps of the series to repeat
     */
    public static Map<String, Object> of(TimeSeries series, Forecast forecast, int history) {
        int end = series.length();
        int from = Math.max(0, end - history);
        List<String> channels = Arrays.stream(forecast.channels()).mapToObj(series.channels()::get).toList();
        double[][] past = Arrays.stream(forecast.channels())
                .mapToObj(channel -> Arrays.copyOfRange(series.doubleChannel(channel), from, end))
                .toArray(double[][]::new);
        Map<String, Object> members = new LinkedHashMap<>();
        if (series.id() != null) members.put("id", series.id());
        members.put("channels", channels);
        members.put("history", Json.object("times", IsoTimes.of(series.axis(), from, end), "values", past));
        members.put("times", IsoTimes.of(series.axis(), end, end + forecast.horizon()));
        members.putAll(of(forecast, false));
        members.put("notes", forecast.notes(series.channels()));
        return members;
    }
}
