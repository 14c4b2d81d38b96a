package org.ttm4j.forecast;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ttm4j.forecast.explain.Explanation;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.LocalScales;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.run.RunRules;

/** A forecaster with intervals that were calibrated for it: where they fit a request, they give its quantiles. */
record CalibratedForecaster(ModelForecaster model, ConformalIntervals intervals) implements ModelForecaster {
    CalibratedForecaster {
        RunRules.requireGiven("intervals", intervals);
        model = model.withoutIntervals();
    }

    @Override
    public ForecasterInfo info() {
        ForecasterInfo of = model.info();
        return new ForecasterInfo(of.mode(), of.models(), of.channels(), Optional.of(intervals), of.minimumHistory(),
                of.context());
    }

    @Override
    public ModelForecaster withoutIntervals() {
        return model;
    }

    @Override
    public List<ForecastResult> forecastAll(List<ForecastRequest> requests, Execution execution) {
        RunRules.requireGiven("requests", requests);
        boolean hasHead = model.info().longestModel().config().quantileHead().enabled();
        // Quantiles that the intervals cannot give are requested from the model.
        List<ForecastResult> results = model.forecastAll(requests.stream()
                .map(one -> one != null && (fits(one) || !hasHead) ? one.withoutQuantiles() : one)
                .toList(), execution);
        return IntStream.range(0, results.size()).mapToObj(i -> {
            ForecastRequest request = requests.get(i);
            if (request == null || !fits(request) && hasHead) return results.get(i);
            return results.get(i).map(i, made -> withQuantiles(made, request));
        }).toList();
    }

    private boolean fits(ForecastRequest request) {
        return intervals.covers(model.modelFor(request).config().predictionChannels(request.rows().length).length,
                model.horizon(request));
    }

    private Forecast withQuantiles(Forecast forecast, ForecastRequest request) {
        double[][] history = request.rows();
        float[] scales = LocalScales.of(history, history[0].length, forecast.context(), forecast.channels());
        Optional<Quantiles> quantiles = intervals.quantilesIfEnough(forecast.doubleValues(), scales,
                request.quantiles());
        if (quantiles.isPresent()) return forecast.withQuantiles(quantiles.get());
        Forecast without = forecast.withoutQuantiles();
        return request.quantiles().length == 0
                ? without
                : without.withNote(NoteCode.NO_QUANTILES,
                        "no quantiles: " + intervals.reasonWithout(forecast.channels().length, forecast.horizon()));
    }

    @Override
    public ModelChoice modelFor(ForecastRequest request) {
        return model.modelFor(request);
    }

    @Override
    public void forecast(float[][] history, float[][] result) {
        model.forecast(history, result);
    }

    @Override
    public Trace trace(ForecastRequest request) {
        return model.trace(request);
    }

    @Override
    public Explanation explain(ForecastRequest request) {
        return model.explain(request);
    }

    @Override
    public WarmedUp warmUp() {
        return model.warmUp();
    }
}
