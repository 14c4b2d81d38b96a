package org.ttm4j.forecast;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ttm4j.forecast.explain.Explanation;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.run.RunRules;

/**
 * A forecaster of several models whose forecasts can be combined, such as those of {@link Forecaster#bundled()}, of which a
 * table chooses one for each request: longest context first, the first model whose row asks for no more history than there is;
 * the last takes any. A long context shows more seasons and reaches further in one pass, but one that is mostly padding tells
 * the model less than a short context that is full. Some padding costs less than looking at a fraction of the history. How
 * much padding is worth that depends on whether a step is shorter than a day.
 *
 * <p>The lengths are where the errors cross on data sets that are held out from training; docs/measurements/models.md has them.
 * Steps of history count from the first that is observed in any channel.
 */
final class ChoosingForecaster implements ModelForecaster {
    /** The rows of the models that ship, by their names. */
    static final List<Row> BUNDLED = List.of(new Row("1536-96", 1536, 1280), new Row("512-96", 160, 288),
            new Row("96-24", 96, 96));
    private static final Duration DAY = Duration.ofDays(1);

    private final List<Row> table;
    /** The models, one for each row. */
    private final List<SingleForecaster> models;

    /**
     * A model and the histories for which it is chosen.
     *
     * @param name of the model
     * @param history the fewest steps of history, if a step is shorter than a day or the frequency is unknown
     * @param dailyHistory the same if a step is a day or longer
     */
    record Row(String name, int history, int dailyHistory) {
        private int history(Duration frequency) {
            return isDaily(frequency) ? dailyHistory : history;
        }
    }

    /** Bundled models by name. */
    ChoosingForecaster(List<Row> table, Function<String, TtmConfig> configs, Function<String, TtmModel> loader) {
        this.table = table;
        models = table.stream()
                .map(row -> new SingleForecaster(() -> configs.apply(row.name()), () -> loader.apply(row.name()), null,
                        () -> Optional.of(BundledModels.sha256(row.name())), Optional.empty()))
                .toList();
    }

    private static boolean isDaily(Duration frequency) {
        return frequency != null && frequency.compareTo(DAY) >= 0;
    }

    /**
     * The index of the model for a request.
     *
     * @param steps of history
     * @param frequency between two steps; null when unknown
     */
    static int choose(List<Row> table, int steps, Duration frequency) {
        int row = 0;
        while (row < table.size() - 1 && steps < table.get(row).history(frequency)) row++;
        return row;
    }

    /** Why {@link #choose(List, int, Duration)} returned {@code chosen}. */
    static String reason(List<Row> table, int chosen, int steps, Duration frequency) {
        if (chosen != choose(table, steps, null)) return "the best where a step is a day or longer";
        if (steps < table.get(chosen).history) return "the shortest context; the history does not fill it";
        return "the best for a history of this length";
    }

    @Override
    public ForecasterInfo info() {
        List<ModelChoice> choices = IntStream.range(0, table.size())
                .mapToObj(i -> choice(i, "chosen for a history of " + table.get(i).history() + " steps or more"))
                .toList();
        return new ForecasterInfo(ForecastMode.FAST, choices, Optional.empty(), Optional.empty(),
                models.stream().mapToInt(model -> model.info().minimumHistory()).min().orElseThrow(),
                models.get(0).config().contextLength());
    }

    /** Answered without loading the configurations, because it is called during start-up. */
    @Override
    public boolean canCombine() {
        return true;
    }

    private ModelChoice choice(int index, String reason) {
        SingleForecaster model = models.get(index);
        return new ModelChoice(table.get(index).name(), reason, model.config(), model.weights());
    }

    @Override
    public ModelChoice modelFor(ForecastRequest request) {
        RunRules.requireGiven("request", request);
        int index = choose(request);
        return choice(index, reason(table, index, request.observedSteps(), request.stepLength()));
    }

    private int choose(ForecastRequest request) {
        return choose(table, request.observedSteps(), request.stepLength());
    }

    @Override
    public List<ForecastResult> forecastAll(List<ForecastRequest> requests, Execution execution) {
        RunRules.requireGiven("requests", requests);
        RunRules.requireGiven("execution", execution);
        ForecastResult[] results = new ForecastResult[requests.size()];
        Map<Integer, List<Integer>> indices = new LinkedHashMap<>();
        for (int i = 0; i < requests.size(); i++) {
            SingleForecaster.attempt(results, i, index -> {
                RunRules.requireGiven("requests[" + index + "]", requests.get(index));
                indices.computeIfAbsent(choose(requests.get(index)), none -> new ArrayList<>()).add(index);
            });
        }
        indices.forEach((row, of) -> {
            List<ForecastResult> part = models.get(row).forecastAll(of.stream().map(requests::get).toList(), execution);
            for (int i = 0; i < part.size(); i++) {
                int index = of.get(i);
                results[index] = part.get(i).map(index, forecast -> forecast.withChoice(modelFor(requests.get(index))));
            }
        });
        return Arrays.asList(results);
    }

    @Override
    public void forecast(float[][] history, float[][] result) {
        RunRules.requireGiven("result", result);
        models.get(choose(table, observedSteps(history), null)).forecast(history, result);
    }

    /** As {@link ForecastRequest#observedSteps()}, for a history that has not been checked. */
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
        RunRules.requireGiven("request", request);
        return models.get(choose(request)).trace(request);
    }

    @Override
    public Explanation explain(ForecastRequest request) {
        RunRules.requireGiven("request", request);
        return models.get(choose(request)).explain(request);
    }

    @Override
    public WarmedUp warmUp() {
        List<WarmedUp> each = models.stream().map(SingleForecaster::warmUp).toList();
        return new WarmedUp(each.stream().map(WarmedUp::duration).reduce(Duration.ZERO, Duration::plus),
                each.stream().mapToInt(WarmedUp::runs).sum(), each.get(0).kernels());
    }
}
