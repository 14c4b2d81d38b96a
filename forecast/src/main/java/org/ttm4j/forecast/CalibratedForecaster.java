package org.ttm4j.forecast;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ttm4j.forecast.explain.Explanation;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.LocalScales;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.ttm.inspect.Trace;

/** A forecaster with intervals that were calibrated for it: where they fit a request, they give its quantiles. */
record CalibratedForecaster(ModelForecaster model, ConformalIntervals intervals) implements ModelForecaster {
    CalibratedForecaster {
        ForecastRequest.requireGiven("intervals", intervals);
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
        ForecastRequest.requireGiven("requests", requests);
        boolean hasHead = model.info().longestModel().config().quantileHead().enabled();
        // The model is asked for the quantiles that the intervals do not give, where it has any.
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
        return model.modelFor(request).config().predictionChannels(request.rows().length).length == intervals.channels()
                && model.horizon(request) <= intervals.horizon();
    }

    private Forecast withQuantiles(Forecast forecast, ForecastRequest request) {
        double[] wanted = request.quantiles();
        double[][] history = request.rows();
        float[] scales = LocalScales.of(history, history[0].length, forecast.context(), forecast.channels());
        Optional<Quantiles> quantiles = fits(request)
                ? having(wanted).quantilesIfEnough(forecast.doubleValues(), scales)
                : Optional.empty();
        if (quantiles.isPresent()) return forecast.withQuantiles(only(wanted, quantiles.get()));
        Forecast without = forecast.withoutQuantiles();
        return wanted.length == 0
                ? without
                : without.withNote(NoteCode.NO_QUANTILES,
                        "no quantiles: " + intervals.reasonWithout(forecast.channels().length, forecast.horizon()));
    }

    /** Intervals that have these levels, maybe among others. */
    private ConformalIntervals having(double[] wanted) {
        double[] levels = intervals.levels();
        if (Arrays.stream(wanted).allMatch(level -> Arrays.binarySearch(levels, level) >= 0)) return intervals;
        try {
            return intervals.withLevels(wanted);
        } catch (IllegalArgumentException neverEnough) {
            throw new IllegalArgumentException("quantiles: " + neverEnough.getMessage(), neverEnough);
        }
    }

    /** The quantiles of these levels; all of them for none. */
    private static Quantiles only(double[] wanted, Quantiles of) {
        if (wanted.length == 0) return of;
        double[][][] values = new double[wanted.length][][];
        for (int i = 0; i < wanted.length; i++) values[i] = of.doublesAt(wanted[i]);
        return new Quantiles(wanted, values, of.windows());
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
