package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.model.TtmModel;

/** The choice among several models, on small ones with random weights, and the index of those that ship. */
class BundledModelsTest {
    private static final List<ChoosingForecaster.Row> TABLE = List.of(new ChoosingForecaster.Row("64-16", 56, 50),
            new ChoosingForecaster.Row("32-8", 28, 30), new ChoosingForecaster.Row("16-4", 14, 14));

    private final List<String> loaded = Collections.synchronizedList(new ArrayList<>());
    private final ModelForecaster several = new ChoosingForecaster(TABLE, BundledModelsTest::config, name -> {
        loaded.add(name);
        return model(name);
    });

    private static TtmConfig config(String name) {
        int hyphen = name.indexOf('-');
        boolean prefix = !name.equals("64-16");
        return ForecasterTest.small()
                .set(Key.CONTEXT_LENGTH, Integer.parseInt(name.substring(0, hyphen)))
                .set(Key.PREDICTION_LENGTH, Integer.parseInt(name.substring(hyphen + 1)))
                .set(Key.RESOLUTION_PREFIX_TUNING, prefix)
                .set(Key.FREQUENCY_TOKEN_VOCAB_SIZE, 10)
                .build();
    }

    private static TtmModel model(String name) {
        return new TtmModel(config(name)).initialize(name.hashCode());
    }

    private static float[][] walks(int steps) {
        return ForecasterTest.walks(steps, 2, steps);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"  0 |      | 16-4  | the shortest context; the history does not fill it",
            " 13 | PT1H | 16-4  | the shortest context; the history does not fill it",
            " 14 | PT1H | 16-4  | the best for a history of this length",
            " 27 | PT1H | 16-4  | the best for a history of this length",
            " 28 | PT1H | 32-8  | the best for a history of this length",
            " 29 | P1D  | 16-4  | the best where a step is a day or longer",
            " 30 | P31D | 32-8  | the best for a history of this length",
            " 56 |      | 64-16 | the best for a history of this length",
            "900 | PT1H | 64-16 | the best for a history of this length",
            " 50 | P1D  | 64-16 | the best where a step is a day or longer"})
    void theTableChooses(int steps, Duration frequency, String name, String reason) {
        int chosen = ChoosingForecaster.choose(TABLE, steps, frequency);
        assertEquals(name, TABLE.get(chosen).name());
        assertEquals(reason, ChoosingForecaster.reason(TABLE, chosen, steps, frequency));
    }

    @ParameterizedTest
    @CsvSource({"1536, PT15M, 1536-96", "1535, PT1H, 512-96", "1536, , 1536-96", "1280, P1D, 1536-96",
            "1279, P1D, 512-96", "160, PT15M, 512-96", "159, PT15M, 96-24", "287, P1D, 96-24"})
    void everyLengthHasTheModelWithTheSmallestErrors(int steps, Duration frequency, String name) {
        int chosen = ChoosingForecaster.choose(ChoosingForecaster.BUNDLED, steps, frequency);
        assertEquals(name, ChoosingForecaster.BUNDLED.get(chosen).name());
    }

    @Test
    void everyHistoryIsForecastByTheModelThatSuits() {
        for (int steps = 2; steps < 100; steps += steps < 70 ? 1 : 13) {
            String name = steps < 28 ? "16-4" : steps < 56 ? "32-8" : "64-16";
            Forecast forecast = several.forecast(walks(steps));
            assertArrayEquals(Forecaster.of(model(name)).fast().forecast(walks(steps)).values(), forecast.values());
            assertEquals(name, forecast.models().get(0).name());
            assertEquals("model " + name + ": " + forecast.models().get(0).reason(), forecast.notes().get(0));
        }
        assertEquals(2, several.info().minimumHistory());
        assertEquals("the history has 1 steps: a model with a context of 16 needs at least 2",
                assertThrows(IllegalArgumentException.class, () -> several.forecast(walks(1))).getMessage());
        assertThrows(IllegalArgumentException.class, () -> several.forecast((float[][]) null));
        assertThrows(IllegalArgumentException.class, () -> several.forecast(new float[][]{null}));
        assertFalse(Forecaster.of(model("16-4")).fast().forecast(walks(20)).notes().toString().contains("model"),
                "nothing was chosen");
    }

    @Test
    void missingStepsAtTheBeginningAreNoHistory() {
        float[][] late = walks(90);
        for (int c = 0; c < 2; c++) Arrays.fill(late[c], 0, 60 + 2 * c, Float.NaN);
        Forecast forecast = several.forecast(late);
        assertEquals("32-8", forecast.models().get(0).name());
        assertArrayEquals(Forecaster.of(model("32-8")).fast().forecast(late).values(), forecast.values());
        for (float[] channel : late) Arrays.fill(channel, Float.NaN);
        assertThrows(IllegalArgumentException.class, () -> several.forecast(late), "nothing is observed");
    }

    @Test
    void theFrequencyReachesTheModelThatIsChosen() {
        float[][] walk = walks(40);
        Duration[] frequencies = {null, Duration.ofMinutes(15), Duration.ofDays(1), Duration.ofDays(7)};
        List<float[][]> seen = new ArrayList<>();
        for (Duration frequency : frequencies) {
            ForecastRequest walked = ForecastRequest.of(walk);
            ForecastRequest request = frequency == null ? walked : walked.withFrequency(frequency);
            Forecast forecast = several.forecast(request);
            assertEquals("32-8", forecast.models().get(0).name());
            assertArrayEquals(Forecaster.of(model("32-8")).fast().forecast(request).values(), forecast.values());
            for (float[][] other : seen) assertTrue(!Arrays.deepEquals(other, forecast.values()), "of " + frequency);
            seen.add(forecast.values());
        }
    }

    @Test
    void requestsOfDifferentModelsAreForecastTogetherAsAlone() {
        List<ForecastRequest> requests = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            ForecastRequest request = ForecastRequest.of(walks(2 + 37 * i % 80));
            if (i % 3 > 0) request = request.withHorizon(1 + 7 * i % 40);
            requests.add(i % 4 == 0 ? request : request.withFrequency(Duration.ofHours(1 + 23 * (i % 2))));
        }
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            for (List<ForecastResult> together : List.of(several.forecastAll(requests),
                    several.forecastAll(requests, Execution.ALONE.withExecutor(executor)))) {
                for (int i = 0; i < requests.size(); i++) {
                    Forecast alone = several.forecast(requests.get(i));
                    assertArrayEquals(alone.values(), together.get(i).orElseThrow().values(), "request " + i);
                    assertEquals(alone.models(), together.get(i).orElseThrow().models(), "request " + i);
                }
            }
        } finally {
            executor.shutdown();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16, 17, 50})
    void arraysAreFilledByTheModelThatSuits(int horizon) {
        for (int steps : new int[]{3, 15, 20, 40, 60, 80}) {
            float[][] result = new float[2][horizon];
            several.forecast(walks(steps), result);
            assertArrayEquals(several.forecast(walks(steps), horizon).values(), result, steps + " steps");
        }
    }

    @Test
    void modelsLoadWhenFirstNeededAndOnce() throws Exception {
        assertEquals(64, several.info().models().get(0).config().contextLength());
        assertEquals(List.of(), loaded);
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<Future<Forecast>> forecasts = new ArrayList<>();
            for (int i = 0; i < 16; i++) forecasts.add(executor.submit(() -> several.forecast(walks(20))));
            for (Future<Forecast> forecast : forecasts) forecast.get();
        } finally {
            executor.shutdown();
        }
        assertEquals(List.of("16-4"), loaded);
        several.forecast(walks(70));
        assertEquals(List.of("16-4", "64-16"), loaded);
    }

    @Test
    void aModelThatCouldNotBeReadIsReadAgain() {
        List<String> tried = new ArrayList<>();
        Forecaster forecaster = new ChoosingForecaster(TABLE, BundledModelsTest::config, name -> {
            tried.add(name);
            if (tried.size() == 1) throw new IllegalStateException("not yet");
            return model(name);
        });
        assertThrows(IllegalStateException.class, () -> forecaster.forecast(walks(20)));
        assertEquals(4, forecaster.forecast(walks(20)).horizon());
        assertEquals(List.of("16-4", "16-4"), tried);
    }

    @Test
    void theIndexSaysWhatShips() throws IOException {
        long bytes = 0;
        for (ChoosingForecaster.Row row : ChoosingForecaster.BUNDLED) {
            Checkpoint checkpoint = BundledModels.checkpoint(row.name());
            TtmConfig config = checkpoint.config();
            assertEquals(row.name(), config.contextLength() + "-" + config.outputLength());
            assertTrue(config.leastChannels() == 1 && !config.usesExogenous(), row.name() + " takes any channels");
            bytes += checkpoint.weightBytes();
            float[] alone = Forecaster.bundled(row.name()).fast().forecast(walks(600)).values()[1];
            assertEquals(config.outputLength(), alone.length);
        }
        assertTrue(bytes <= 12_000_000, bytes + " bytes of weights");
        List<String> names = BundledModels.names();
        assertEquals("no bundled model is called 5-3: there are " + String.join(", ", names),
                assertThrows(IllegalArgumentException.class, () -> Forecaster.bundled("5-3").fast()).getMessage());
        assertThrows(IllegalArgumentException.class, () -> BundledModels.model(null));
    }

    @Test
    void whatShipsForecastsHistoriesOfAnyLength() {
        ModelForecaster bundled = Forecaster.bundled().fast();
        for (int steps : new int[]{bundled.info().minimumHistory(), 20, 95, 96, 100, 180, 300, 511, 512, 2000}) {
            Forecast forecast = bundled.forecast(walks(steps));
            int row = ChoosingForecaster.choose(ChoosingForecaster.BUNDLED, steps, null);
            String chosen = ChoosingForecaster.BUNDLED.get(row).name();
            assertEquals(chosen, forecast.models().get(0).name());
            assertEquals(BundledModels.config(chosen).outputLength(), forecast.horizon());
        }
    }

    /** Programs and stores name it: the same forecast to its horizon, with the model's own quantiles, and a note. */
    @Test
    void theModelThatIsNoMoreIsTheFirstStepsOfAnother() throws IOException {
        ForecastRequest request = ForecastRequest.of(walks(300)).withQuantiles(0.1, 0.9);
        Forecast whole = Forecaster.bundled("512-96").fast().forecast(request);
        Forecast first = Forecaster.bundled("180-60").fast().forecast(request);
        assertEquals(60, first.horizon());
        for (int c = 0; c < 2; c++) {
            assertArrayEquals(Arrays.copyOf(whole.values()[c], 60), first.values()[c], 1e-5f);
            // The quantile head normalises a forecast over its steps, which are fewer.
            double width = width(whole, c);
            assertEquals(width, width(first, c), 0.05 * width);
        }
        String note = "180-60 was replaced by 512-96, limited to 60 steps a pass";
        assertTrue(first.notes().contains(note), first.notes().toString());
        Forecast combined = Forecaster.bundled("180-60").forecast(request);
        assertEquals(60, combined.horizon());
        assertTrue(combined.notes().contains(note), combined.notes().toString());
        assertEquals(BundledModels.sha256("512-96"), BundledModels.sha256("180-60"));
    }

    /** The mean width of the interval of 80 % over the first 60 steps. */
    private static double width(Forecast of, int channel) {
        Quantiles quantiles = of.quantiles().orElseThrow();
        double[] low = quantiles.doublesAt(0.1)[channel];
        double[] high = quantiles.doublesAt(0.9)[channel];
        return IntStream.range(0, 60).mapToDouble(h -> high[h] - low[h]).average().orElseThrow();
    }
}
