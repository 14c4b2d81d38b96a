package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Gaps;

/** What a forecaster promises to the program that embeds it, on models with random weights. */
class ForecasterTest {
    static final int L = 64;
    static final int H = 16;
    private static final float NAN = Float.NaN;

    private final ModelForecaster small = Forecaster.of(new TtmModel(small().build()).initialize(1)).fast();

    static TtmConfig.Builder small() {
        return Samples.config(L, H).set(Key.D_MODEL, 16).set(Key.ADAPTIVE_PATCHING_LEVELS, 2);
    }

    /** Random walks with a deviation above 1, so that nothing is magnified. */
    static float[][] walks(long seed, int channels, int steps) {
        Random random = new Random(seed);
        float[][] walks = new float[channels][steps];
        for (float[] walk : walks) {
            float value = 10 * random.nextFloat();
            for (int t = 0; t < steps; t++) walk[t] = value += (float) random.nextGaussian();
        }
        return walks;
    }

    private static float[][] scaled(float[][] series, double factor, double shift) {
        float[][] result = new float[series.length][series[0].length];
        for (int c = 0; c < result.length; c++) {
            for (int t = 0; t < result[c].length; t++) result[c][t] = (float) (factor * series[c][t] + shift);
        }
        return result;
    }

    static void refused(String message, Executable forecast) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, forecast).getMessage());
    }

    @ParameterizedTest
    @EnumSource(TtmConfig.Scaling.class)
    void aSeriesIsForecastTheSameInAnyCompany(TtmConfig.Scaling scaling) {
        ModelForecaster forecaster = Forecaster
                .of(new TtmModel(small().set(Key.SCALING, scaling).build()).initialize(1))
                .fast();
        float[][] walks = walks(1, 70, 80);
        Arrays.fill(walks[3], 1, walks[3].length, NAN);
        Arrays.fill(walks[40], 5);
        float[][] alone = new float[70][];
        for (int c = 0; c < 70; c++) alone[c] = forecaster.forecast(new float[][]{walks[c]}).values()[0];
        for (int n = 1; n <= 70; n += scaling == TtmConfig.Scaling.STD ? 1 : 8) {
            int first = 11 * n;
            int[] order = IntStream.range(first, first + n).map(i -> i % 70).toArray();
            float[][] chosen = Arrays.stream(order).mapToObj(c -> walks[c]).toArray(float[][]::new);
            float[][] together = forecaster.forecast(chosen).values();
            for (int i = 0; i < n; i++) {
                assertArrayEquals(alone[order[i]], together[i], "series " + order[i] + " as " + i + " of " + n);
            }
        }
    }

    @Test
    void aSeriesIsForecastTheSameInAnyCompanyAtFullSize() {
        ModelForecaster forecaster = Forecaster.of(new TtmModel(Samples.published(512, 64).build()).initialize(3))
                .fast();
        float[][] walks = walks(2, 37, 600);
        float[][] together = forecaster.forecast(walks).values();
        for (int c = 0; c < walks.length; c++) {
            assertArrayEquals(together[c], forecaster.forecast(new float[][]{walks[c]}).values()[0], "series " + c);
        }
    }

    @Test
    void threadsShareAForecaster() throws Exception {
        float[][] walks = walks(3, 40, 80);
        float[][] expected = small.forecast(walks, 40).values();
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int task = 0; task < 64; task++) {
                int n = 1 + task % walks.length;
                tasks.add(() -> {
                    float[][] values = small.forecast(Arrays.copyOf(walks, n), 40).values();
                    for (int c = 0; c < n; c++) assertArrayEquals(expected[c], values[c], "series " + c + " of " + n);
                    return null;
                });
            }
            for (Future<Void> result : pool.invokeAll(tasks)) result.get();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void missingStepsAreInterpolatedAndMasked() {
        float[] past = new float[9];
        float[] mask = {0, 1, 0, 0, 1, 0, 0, 1, 0};
        System.arraycopy(new float[]{9, NAN, NAN, 2, NAN, NAN, 5, NAN}, 0, past, 1, 8);
        Gaps.fill(past, mask, 0, 9);
        assertArrayEquals(new float[]{9, 9, 9 - 7 / 3f, 9 - 14 / 3f, 2, 3, 4, 5, 5}, past, 1e-6f);
    }

    @Test
    void theModelSeesTheFilledHistoryAndItsMask() {
        float[][] walk = walks(4, 1, 70);
        for (int t : new int[]{2, 6, 7, 30, 31, 32, 69}) walk[0][t] = NAN;
        Forecast forecast = small.forecast(walk);
        assertArrayEquals(new int[]{6}, forecast.missing());
        assertEquals(List.of("channel 0: 6 missing steps were interpolated"), forecast.notes());
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        TtmModel model = new TtmModel(small().build()).initialize(1);
        TtmModel.Inputs in = model.inputs(graph, 1, 1, true);
        for (int t = 0; t < L; t++) {
            in.past().value()[t] = walk[0][6 + t];
            in.mask().value()[t] = Float.isNaN(walk[0][6 + t]) ? 0 : 1;
        }
        Gaps.fill(in.past().value(), in.mask().value(), 0, L);
        Tensor expected = model.forward(in).forecast().keep();
        graph.forward();
        assertArrayEquals(expected.value(), forecast.values()[0], 1e-4f);
    }

    @Test
    void anEmptyChannelIsForecastAsZeroAndAConstantOneAsItself() {
        float[][] walk = walks(5, 3, L);
        float[] alone = small.forecast(walk, 40).values()[2];
        Arrays.fill(walk[0], NAN);
        Arrays.fill(walk[1], -1.1e-3f);
        walk[1][0] = NAN;
        Forecast forecast = small.forecast(walk, 40);
        float[] constant = new float[40];
        Arrays.fill(constant, -1.1e-3f);
        assertArrayEquals(new float[40], forecast.values()[0]);
        assertArrayEquals(constant, forecast.values()[1]);
        assertArrayEquals(alone, forecast.values()[2]);
        assertArrayEquals(new int[]{L, 1, 0}, forecast.missing());
        assertEquals(List.of("channel 0: nothing observed in the last 64 steps; forecast as 0",
                "channel 1: never varies", "channel 1: 1 missing step was interpolated"),
                forecast.notes().subList(0, 3));
    }

    @ParameterizedTest
    @EnumSource(TtmConfig.Mode.class)
    void aChannelWithNothingInTheContextIsForecastAsItsLastValueBefore(TtmConfig.Mode mode) {
        TtmConfig config = small().set(Key.NUM_INPUT_CHANNELS, 2).set(Key.MODE, mode).build();
        ModelForecaster forecaster = Forecaster.of(new TtmModel(config).initialize(1)).fast();
        float[][] walk = walks(5, 2, L + 30);
        Arrays.fill(walk[0], 20, L + 30, NAN);
        Forecast forecast = forecaster.forecast(walk, 40);
        float[] constant = new float[40];
        Arrays.fill(constant, walk[0][19]);
        assertArrayEquals(constant, forecast.values()[0]);
        assertEquals("channel load: nothing observed in the last 64 steps; forecast as its last value before",
                forecast.notes(List.of("load", "wind")).get(0));
        float[][] result = new float[2][H];
        forecaster.forecast(walk, result);
        assertArrayEquals(Arrays.copyOf(constant, H), result[0]);
        assertArrayEquals(Arrays.copyOf(forecast.values()[1], H), result[1]);
    }

    @ParameterizedTest
    @EnumSource(TtmConfig.Mode.class)
    void aForecastBeyondTheModelsArithmeticIsRefused(TtmConfig.Mode mode) {
        TtmConfig config = small().set(Key.NUM_INPUT_CHANNELS, 2)
                .set(Key.MODE, mode)
                .set(Key.SCALING, TtmConfig.Scaling.NONE)
                .build();
        ModelForecaster forecaster = Forecaster.of(new TtmModel(config).initialize(1)).fast();
        float[][] walk = walks(12, 2, L);
        for (int t = 0; t < L; t++) walk[1][t] = t % 3 == 0 ? Float.MAX_VALUE : -Float.MAX_VALUE;
        float[][] result = new float[2][H];
        for (Executable forecast : new Executable[]{() -> forecaster.forecast(walk),
                () -> forecaster.forecast(walk, result)}) {
            String message = assertThrows(IllegalArgumentException.class, forecast).getMessage();
            assertTrue(message.matches("channel [01]: the forecast is .*: the values are too large for this model"),
                    message);
            if (mode == TtmConfig.Mode.COMMON_CHANNEL) assertTrue(message.startsWith("channel 1"), message);
        }
    }

    @Test
    void weightsThatOverflowAreBlamedOnTheModel(@TempDir Path folder) throws Exception {
        TtmModel model = new TtmModel(small().build()).initialize(1);
        model.parameters().values().forEach(parameter -> {
            for (int i = 0; i < parameter.value().length; i++) parameter.value()[i] *= 1e30f;
        });
        model.save(folder.resolve("wild"), DType.F32);
        ModelForecaster forecaster = Forecaster.load(folder.resolve("wild")).fast();
        float[][] walk = walks(12, 1, L);
        for (Executable forecast : new Executable[]{() -> forecaster.forecast(walk),
                () -> forecaster.forecast(walk, new float[1][H]), forecaster::warmUp}) {
            String message = assertThrows(IllegalArgumentException.class, forecast).getMessage();
            assertEquals("channel 0: the forecast is NaN: the weights are damaged or too large in "
                    + folder.resolve("wild/model.safetensors"), message);
        }
    }

    @ParameterizedTest
    @EnumSource(TtmConfig.Scaling.class)
    void emptyAndConstantChannelsAreFiniteInModelsThatMixChannels(TtmConfig.Scaling scaling) {
        TtmConfig config = small().set(Key.NUM_INPUT_CHANNELS, 3)
                .set(Key.MODE, TtmConfig.Mode.MIX_CHANNEL)
                .set(Key.SCALING, scaling)
                .build();
        float[][] walk = walks(5, 3, L);
        Arrays.fill(walk[0], NAN);
        Arrays.fill(walk[1], 3);
        for (float[] values : Forecaster.of(new TtmModel(config).initialize(1)).fast().forecast(walk, 40).values()) {
            for (float value : values) assertTrue(Float.isFinite(value), "forecast " + value);
        }
    }

    @Test
    void aShortHistoryIsExtendedAndSaysSo() {
        float[][] walk = walks(6, 1, 50);
        Forecast forecast = small.forecast(walk);
        assertEquals(14, forecast.paddedSteps());
        assertEquals(0, forecast.missing()[0]);
        assertEquals(
                List.of("the history is 14 steps shorter than the model's context; its earliest value was repeated "
                        + "to the left as unobserved"),
                forecast.notes());
        float[][] padded = {new float[L]};
        Arrays.fill(padded[0], NAN);
        System.arraycopy(walk[0], 0, padded[0], 14, 50);
        assertArrayEquals(small.forecast(padded).values()[0], forecast.values()[0]);
        assertEquals(2, small.info().minimumHistory());
        assertEquals(L - 2, small.forecast(walks(6, 1, 2)).paddedSteps());
        refused("the history has 1 steps: a model with a context of 64 needs at least 2",
                () -> small.forecast(walks(6, 1, 1)));
    }

    @Test
    void onlyTheEndOfALongHistoryCounts() {
        float[][] walk = walks(7, 2, 200);
        float[][] end = {Arrays.copyOfRange(walk[0], 200 - L, 200), Arrays.copyOfRange(walk[1], 200 - L, 200)};
        Forecast forecast = small.forecast(walk);
        assertArrayEquals(small.forecast(end).values(), forecast.values());
        assertEquals(List.of(), forecast.notes());
    }

    @Test
    void aShorterHorizonIsTheBeginning() {
        float[][] walk = walks(8, 2, L);
        Forecast whole = small.forecast(walk);
        assertEquals(H, whole.horizon());
        for (int horizon : new int[]{1, 5, H}) {
            Forecast part = small.forecast(walk, horizon);
            assertEquals(1, part.passes());
            for (int c = 0; c < 2; c++) {
                assertArrayEquals(Arrays.copyOf(whole.values()[c], horizon), part.values()[c]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {H + 1, 2 * H, 45})
    void aLongerHorizonFeedsTheForecastBack(int horizon) {
        float[][] walk = walks(9, 2, 50);
        walk[0][48] = NAN;
        Forecast forecast = small.forecast(walk, horizon);
        assertEquals(horizon, forecast.horizon());
        assertEquals((horizon + H - 1) / H, forecast.passes());
        assertArrayEquals(new int[]{1, 0}, forecast.missing());
        assertEquals("the horizon is longer than the model's; it ran " + forecast.passes()
                + " times, each time on its own forecast before", forecast.notes().get(2));
        float[][] grown = walk;
        while (grown[0].length < 50 + horizon) grown = joined(grown, small.forecast(grown).values());
        for (int c = 0; c < 2; c++) {
            assertArrayEquals(Arrays.copyOfRange(grown[c], 50, 50 + horizon), forecast.values()[c]);
        }
    }

    static float[][] joined(float[][] a, float[][] b) {
        float[][] joined = new float[a.length][];
        for (int c = 0; c < a.length; c++) {
            joined[c] = Arrays.copyOf(a[c], a[c].length + b[c].length);
            System.arraycopy(b[c], 0, joined[c], a[c].length, b[c].length);
        }
        return joined;
    }

    @Test
    void aSmallUnitChangesNothing() {
        float[][] walk = walks(10, 1, L);
        double deviation = deviation(walk[0]);
        walk = scaled(walk, 1.5 / deviation, 0);
        float[] expected = small.forecast(walk).values()[0];
        for (int exponent : new int[]{-10, -20, -60, -90}) {
            float unit = Math.scalb(1f, exponent);
            float[] values = small.forecast(scaled(walk, unit, 0)).values()[0];
            for (int t = 0; t < H; t++) assertEquals(expected[t] * unit, values[t], "2^" + exponent + ", step " + t);
        }
    }

    private static double deviation(float[] series) {
        double mean = IntStream.range(0, series.length).mapToDouble(t -> series[t]).average().orElseThrow();
        return Math.sqrt(IntStream.range(0, series.length)
                .mapToDouble(t -> Math.pow(series[t] - mean, 2))
                .average()
                .orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-6, 1e-4, 250, 1e9, 1e36})
    void aForecastFollowsScaleAndShift(double factor) {
        float[][] walk = walks(11, 2, L);
        float[][] plain = small.forecast(walk, 40).values();
        for (double shift : new double[]{0, 3 * factor}) {
            float[][] values = small.forecast(scaled(walk, factor, shift), 40).values();
            for (int c = 0; c < 2; c++) {
                for (int t = 0; t < 40; t++) {
                    assertEquals(plain[c][t] + shift / factor, values[c][t] / factor, 1e-3, "series " + c + ", " + t);
                }
            }
        }
    }

    @Test
    void noMagnitudeMakesAForecastInfinite() {
        float[][] walk = walks(12, 1, L);
        for (int exponent = -149; exponent <= 127; exponent += 12) {
            float unit = Math.scalb(1f, exponent);
            for (float offset : new float[]{0, 1e38f}) {
                float[][] series = {new float[L]};
                // Up to 16 units, but within the range of a float.
                for (int t = 0; t < L; t++) {
                    double value = (double) unit * Math.max(-16, Math.min(16, walk[0][t])) + offset;
                    series[0][t] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
                }
                series[0][L / 2] = -unit;
                for (float value : small.forecast(series, 40).values()[0]) {
                    assertTrue(Float.isFinite(value), "2^" + exponent + " + " + offset + ": " + value);
                }
            }
        }
    }

    @Test
    void impossibleHistoriesAreNamed() {
        float[][] walk = walks(13, 2, L);
        refused("the history has no channel", () -> small.forecast(new float[0][]));
        refused("horizon 0: expected at least 1 step", () -> small.forecast(walk, 0));
        refused("horizon 1000001: expected at most 1000000 steps", () -> small.forecast(walk, 1_000_001));
        refused("horizon 2147483647: expected at most 1000000 steps", () -> small.forecast(walk, Integer.MAX_VALUE));
        refused("history is null", () -> small.forecast((float[][]) null));
        refused("history[0] is null", () -> small.forecast(new float[][]{null, walk[0]}));
        refused("history[1] is null", () -> small.forecast(new float[][]{walk[0], null}));
        refused("history[1] is null", () -> small.forecast(new float[][]{walk[0], null}, new float[2][H]));
        refused("result[1] is null", () -> small.forecast(walk, new float[][]{new float[H], null}));
        refused("horizon -1: expected at least 1 step", () -> small.forecast(walk, -1));
        refused("1 static categories given: this model needs 0 (categorical_vocab_size_list)",
                () -> small.forecast(ForecastRequest.of(walk).withCategories(1)));
        refused("channel 1 has 3 steps where channel 0 has 64",
                () -> small.forecast(new float[][]{walk[0], new float[3]}));
        refused("known future values were given to a model that cannot use them: it has no exogenous channels "
                + "(exogenous_channel_indices)", () -> small.forecast(ForecastRequest.of(walk).withKnownFuture(walk)));
        walk[1][17] = Float.NEGATIVE_INFINITY;
        refused("history[1][17] is infinite; missing values are NaN", () -> small.forecast(walk));
    }
}
