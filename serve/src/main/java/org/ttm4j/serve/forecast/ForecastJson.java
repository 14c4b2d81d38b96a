package org.ttm4j.serve.forecast;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.ttm4j.eval.table.IsoTimes;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.serve.http.Json;

/** Forecasts as JSON. Stateless. */
public final class ForecastJson {
    private ForecastJson() {}

    /**
     * The members {@code times}, {@code values}, {@code quantiles}, {@code model}, {@code weights}, {@code components},
     * {@code drivers} and {@code notes}; those that the forecast lacks are left out.
     *
     * @param flat whether the one channel is written as an array of numbers, not of arrays
     */
    public static Map<String, Object> members(Forecast forecast, boolean flat) {
        Map<String, Object> quantiles = new LinkedHashMap<>();
        forecast.quantiles().ifPresent(all -> {
            for (double level : all.levels()) {
                quantiles.put(Double.toString(level), (Supplier<?>) () -> rows(all.doublesAt(level), flat));
            }
        });
        Iterable<String> times = forecast.times()
                .map(all -> (Iterable<String>) () -> all.stream().map(IsoTimes::text).iterator())
                .orElse(null);
        Object[] components = forecast.components().toArray();
        List<Map<String, Object>> drivers = forecast.driverEffects()
                .stream()
                .map(of -> Json.object("channel", of.channel(), "driver", of.driver(), "category",
                        of.category().isPresent() ? of.category().getAsDouble() : null, "effect", of.effect(), "error",
                        of.error(), "share", of.share()))
                .toList();
        Object[] weights = forecast.weights().toArray();
        return Json.object("times", times, "values", (Supplier<?>) () -> rows(forecast.doubleValues(), flat),
                "quantiles", quantiles.isEmpty() ? null : quantiles, "model", forecast.models().get(0).name(),
                "weights", weights.length == 0 ? null : rows(weights, flat), "components",
                components.length == 0 ? null : rows(components, flat), "driver_effects",
                drivers.isEmpty() ? null : drivers, "notes", forecast.notes());
    }

    private static Object rows(Object[] channels, boolean flat) {
        return flat ? channels[0] : channels;
    }
}
