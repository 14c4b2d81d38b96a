package org.ttm4j.forecast;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ttm4j.forecast.explain.Explanation;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.Channels;

/** A forecaster of several models, of which a table chooses one for each request. */
final class ChoosingForecaster implements Forecaster {
    private final List<ModelTable.Row> table;
    /** One for each row. */
    private final List<SingleForecaster> models;

    private ChoosingForecaster(List<ModelTable.Row> table, List<SingleForecaster> models) {
        this.table = table;
        this.models = models;
    }

    /** Models by name. */
    ChoosingForecaster(List<ModelTable.Row> table, Function<String, TtmConfig> configs,
            Function<String, TtmModel> loader) {
        this(table, table.stream()
                .map(row -> new SingleForecaster(() -> configs.apply(row.name()), () -> loader.apply(row.name()), null))
                .toList());
    }

    @Override
    public List<ModelChoice> models() {
        return IntStream.range(0, table.size())
                .mapToObj(i -> new ModelChoice(table.get(i).name(),
                        "chosen for a history of " + table.get(i).history() + " steps or more", models.get(i).config()))
                .toList();
    }

    @Override
    public ModelChoice modelFor(ForecastRequest request) {
        ForecastRequest.requireGiven("request", request);
        int index = choose(request);
        return new ModelChoice(table.get(index).name(),
                ModelTable.reason(table, index, request.observedSteps(), request.horizon(), request.stepLength()),
                models.get(index).config());
    }

    private int choose(ForecastRequest request) {
        return ModelTable.choose(table, request.observedSteps(), request.horizon(), request.stepLength());
    }

    @Override
    public int minimumHistory() {
        return models.stream().mapToInt(Forecaster::minimumHistory).min().orElseThrow();
    }

    @Override
    public Optional<Channels> channels() {
        return Optional.empty();
    }

    @Override
    public Optional<ConformalIntervals> intervals() {
        return models.get(0).intervals();
    }

    @Override
    public Forecaster withIntervals(ConformalIntervals of) {
        return new ChoosingForecaster(table, models.stream().map(model -> model.withIntervals(of)).toList());
    }

    @Override
    public Forecaster withoutIntervals() {
        return new ChoosingForecaster(table, models.stream().map(SingleForecaster::withoutIntervals).toList());
    }

    @Override
    public List<ForecastResult> forecastAll(List<ForecastRequest> requests, Executor executor) {
        ForecastRequest.requireGiven("requests", requests);
        ForecastResult[] results = new ForecastResult[requests.size()];
        Map<Integer, List<Integer>> indices = new LinkedHashMap<>();
        for (int i = 0; i < requests.size(); i++) {
            int index = i;
            SingleForecaster.attempt(results, i, () -> {
                ForecastRequest.requireGiven("requests[" + index + "]", requests.get(index));
                indices.computeIfAbsent(choose(requests.get(index)), none -> new ArrayList<>()).add(index);
            });
        }
        indices.forEach((row, of) -> {
            List<ForecastResult> part = models.get(row).forecastAll(of.stream().map(requests::get).toList(), executor);
            for (int i = 0; i < part.size(); i++) {
                int index = of.get(i);
                // No switch over types: the JVM would make its classes anew in every start.
                results[index] = part.get(i) instanceof ForecastResult.Failure failure
                        ? new ForecastResult.Failure(index, failure.cause())
                        : new ForecastResult.Success(
                                part.get(i).orElseThrow().withModel(modelFor(requests.get(index))));
            }
        });
        return Arrays.asList(results);
    }

    @Override
    public void forecast(float[][] history, float[][] result) {
        ForecastRequest.requireGiven("result", result);
        int horizon = 0;
        for (float[] row : result) horizon = Math.max(horizon, row == null ? 0 : row.length);
        models.get(ModelTable.choose(table, observedSteps(history), horizon, null)).forecast(history, result);
    }

    /** As {@link ForecastRequest#observedSteps()}, of a history that may be anything. */
    private static int observedSteps(float[][] history) {
        int most = 0;
        for (int c = 0; history != null && c < history.length; c++) {
            int first = 0;
            while (history[c] != null && first < history[c].length && Float.isNaN(history[c][first])) first++;
            if (history[c] != null) most = Math.max(most, history[c].length - first);
        }
        return most;
    }

    @Override
    public Trace trace(ForecastRequest request) {
        ForecastRequest.requireGiven("request", request);
        return models.get(choose(request)).trace(request);
    }

    @Override
    public Explanation explain(ForecastRequest request) {
        ForecastRequest.requireGiven("request", request);
        return models.get(choose(request)).explain(request);
    }

    @Override
    public WarmedUp warmUp() {
        List<WarmedUp> each = models.stream().map(Forecaster::warmUp).toList();
        return new WarmedUp(each.stream().map(WarmedUp::duration).reduce(Duration.ZERO, Duration::plus),
                each.stream().mapToInt(WarmedUp::runs).sum(), each.get(0).kernels());
    }
}
