package org.ttm4j.forecast;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ttm4j.ttm.run.RunRules;

/**
 * Receives what a forecaster did, for measurements. The library measures nothing itself.
 *
 * <pre>{@code
 * Forecaster observed = ForecastObserver.around(Forecaster.bundled(), batch ->
 *         log.info(batch.results().size() + " series in " + batch.duration() + ", refused " + batch.refused()));
 * }</pre>
 */
@FunctionalInterface
public interface ForecastObserver {
    /**
     * Requests that were forecast together. Immutable.
     *
     * @param mode of the forecaster
     * @param duration of the call, by the clock
     * @param results one for each request: what was refused is a {@link ForecastResult.Failure} that says why
     */
    record Batch(ForecastMode mode, Duration duration, List<ForecastResult> results) {
        /** The requests that were not forecast. */
        public int refused() {
            return (int) results.stream().filter(ForecastResult.Failure.class::isInstance).count();
        }

        /**
         * How many requests each model forecast, by the {@linkplain ModelChoice#name() name} of the first of
         * {@link Forecast#models()}; {@code other} where it has none.
         */
        public Map<String, Integer> models() {
            Map<String, Integer> counts = new TreeMap<>();
            for (ForecastResult result : results) {
                if (!(result instanceof ForecastResult.Success(Forecast forecast))) continue;
                counts.merge(forecast.models().isEmpty() ? "other" : forecast.models().get(0).name(), 1, Integer::sum);
            }
            return counts;
        }
    }

    /**
     * Called after each call of {@link Forecaster#forecastAll} and all that rests on it, by the thread that called. It must be
     * safe for as many threads as the forecaster has callers, be quick, and not throw.
     */
    void forecast(Batch batch);

    /**
     * A forecaster that tells an observer, and is otherwise the same: its forecasts are those of the other, bit for bit. What
     * {@link Forecaster#fast()} returns is not observed; {@code in(ForecastMode.FAST)} is.
     */
    static Forecaster around(Forecaster forecaster, ForecastObserver observer) {
        RunRules.requireGiven("forecaster", forecaster);
        RunRules.requireGiven("observer", observer);
        record Observed(Forecaster of, ForecastObserver observer) implements Forecaster {
            @Override
            public List<ForecastResult> forecastAll(List<ForecastRequest> requests, Execution execution) {
                long begin = System.nanoTime();
                List<ForecastResult> results = of.forecastAll(requests, execution);
                observer.forecast(
                        new Batch(of.info().mode(), Duration.ofNanos(System.nanoTime() - begin), List.copyOf(results)));
                return results;
            }

            @Override
            public Forecaster in(ForecastMode mode) {
                return new Observed(of.in(mode), observer);
            }

            @Override
            public ForecasterInfo info() {
                return of.info();
            }

            @Override
            public ModelForecaster fast() {
                return of.fast();
            }

            @Override
            public int horizon(ForecastRequest request) {
                return of.horizon(request);
            }

            @Override
            public int context(ForecastRequest request) {
                return of.context(request);
            }

            @Override
            public ForecastCost cost(ForecastRequest request) {
                return of.cost(request);
            }

            @Override
            public WarmedUp warmUp() {
                return of.warmUp();
            }
        }
        return new Observed(forecaster, observer);
    }
}
