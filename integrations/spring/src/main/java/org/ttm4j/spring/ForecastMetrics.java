package org.ttm4j.spring;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.ttm4j.forecast.ForecastObserver;

/**
 * Measures by Micrometer, under the names that the service has too.
 *
 * @param registry null while there is none
 */
record ForecastMetrics(Supplier<MeterRegistry> registry) implements ForecastObserver {
    @Override
    public void forecast(Batch batch) {
        MeterRegistry meters = registry.get();
        if (meters == null) return;
        String mode = batch.mode().toString();
        meters.timer("ttm4j.forecast.duration", "mode", mode).record(batch.duration());
        meters.summary("ttm4j.batch.size").record(batch.results().size());
        meters.counter("ttm4j.forecast.refused").increment(batch.refused());
        batch.models()
                .forEach((model, count) -> meters.counter("ttm4j.forecast.series", "mode", mode, "model", model)
                        .increment(count));
    }
}
