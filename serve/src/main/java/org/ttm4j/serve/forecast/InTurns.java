package org.ttm4j.serve.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ForecasterInfo;
import org.ttm4j.forecast.ModelChoice;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.forecast.WarmedUp;
import org.ttm4j.forecast.explain.Explanation;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.live.AnomalySearch;
import org.ttm4j.ttm.inspect.Trace;

/**
 * A forecaster whose forecasts wait for the turns of a request: for {@link AnomalySearch} alone, which makes many of
 * them, one after the other, and asks for no {@code horizon} and no {@code cost}. For one thread.
 */
record InTurns(Forecaster forecaster, Batcher.Arrival arrival) implements ModelForecaster {
    @Override
    public List<ForecastResult> forecastAll(List<ForecastRequest> requests, Execution execution) {
        List<CompletableFuture<ForecastResult>> coming = arrival.forecast(forecaster, requests);
        arrival.await();
        List<ForecastResult> results = new ArrayList<>(coming.size());
        for (CompletableFuture<ForecastResult> one : coming) results.add(one.join());
        return results;
    }

    @Override
    public ModelForecaster fast() {
        return new InTurns(forecaster.fast(), arrival);
    }

    @Override
    public ModelForecaster withIntervals(ConformalIntervals of) {
        return new InTurns(forecaster.fast().withIntervals(of), arrival);
    }

    @Override
    public ForecasterInfo info() {
        return forecaster.info();
    }

    @Override
    public ModelChoice modelFor(ForecastRequest request) {
        return forecaster.modelFor(request);
    }

    @Override
    public WarmedUp warmUp() {
        return forecaster.warmUp();
    }

    @Override
    public void forecast(float[][] history, float[][] result) {
        forecaster.fast().forecast(history, result);
    }

    @Override
    public Trace trace(ForecastRequest request) {
        return forecaster.fast().trace(request);
    }

    @Override
    public Explanation explain(ForecastRequest request) {
        return forecaster.fast().explain(request);
    }
}
