package org.ttm4j.forecast;

import java.time.Duration;
import java.util.List;

/** A forecaster that tells an observer what it did. */
record ObservedForecaster(Forecaster of, ForecastObserver observer) implements Forecaster {
    @Override
    public List<ForecastResult> forecastAll(List<ForecastRequest> requests, Execution execution) {
        long begin = System.nanoTime();
        List<ForecastResult> results = of.forecastAll(requests, execution);
        observer.forecast(new ForecastObserver.Batch(of.info().mode(), Duration.ofNanos(System.nanoTime() - begin),
                List.copyOf(results)));
        return results;
    }

    @Override
    public Forecaster in(ForecastMode mode) {
        return new ObservedForecaster(of.in(mode), observer);
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
    public ForecastCost cost(ForecastRequest request) {
        return of.cost(request);
    }

    @Override
    public WarmedUp warmUp() {
        return of.warmUp();
    }
}
