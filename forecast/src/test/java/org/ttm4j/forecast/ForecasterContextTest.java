package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.forecast.ForecasterTest.H;
import static org.ttm4j.forecast.ForecasterTest.L;
import static org.ttm4j.forecast.ForecasterTest.joined;
import static org.ttm4j.forecast.ForecasterTest.refused;
import static org.ttm4j.forecast.ForecasterTest.small;
import static org.ttm4j.forecast.ForecasterTest.walks;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.run.ForecastRun;

/** Forecasts from more than a history: known future values and the sampling resolution. */
class ForecasterContextTest {

    /** Forecasts channels 0 and 1 of three, with the known future of the third. */
    private static Forecaster exogenous() {
        TtmConfig config = small().set(Key.NUM_INPUT_CHANNELS, 3)
                .set(Key.DECODER_MODE, TtmConfig.Mode.MIX_CHANNEL)
                .set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(2))
                .set(Key.ENABLE_FORECAST_CHANNEL_MIXING, true)
                .build();
        return Forecaster.of(new TtmModel(config).initialize(2)).fast();
    }

    @Test
    void knownFutureValuesChangeTheForecast() {
        Forecaster forecaster = exogenous();
        float[][] history = walks(14, 3, L);
        float[][] known = walks(15, 1, H);
        Forecast forecast = forecaster.forecast(ForecastRequest.of(history).withKnownFuture(known));
        assertArrayEquals(new int[]{0, 1}, forecast.channels());
        float[][] other = {known[0].clone()};
        other[0][H - 1] += 5;
        Forecast changed = forecaster.forecast(ForecastRequest.of(history).withKnownFuture(other));
        assertFalse(Arrays.equals(forecast.values()[1], changed.values()[1]));
        // Values beyond the horizon play no part.
        Forecast longer = forecaster.forecast(ForecastRequest.of(history).withKnownFuture(joined(known, known)));
        assertArrayEquals(forecast.values(), longer.values());
    }

    @Test
    void knownFutureValuesFollowALongHorizon() {
        Forecaster forecaster = exogenous();
        float[][] history = walks(16, 3, 50);
        float[] known = walks(17, 1, 40)[0];
        float[][] whole = forecaster.forecast(request(history, known, 40)).values();
        float[][] grown = history;
        for (int done = 0; done < 40; done += H) {
            int steps = Math.min(H, 40 - done);
            float[] rest = Arrays.copyOfRange(known, done, 40);
            float[][] values = forecaster.forecast(request(grown, rest, steps)).values();
            for (int c = 0; c < 2; c++) {
                assertArrayEquals(Arrays.copyOfRange(whole[c], done, done + steps), values[c], "from " + done);
            }
            grown = joined(grown, new float[][]{values[0], values[1], Arrays.copyOf(rest, steps)});
        }
    }

    private static ForecastRequest request(float[][] history, float[] known, int horizon) {
        return ForecastRequest.of(history).withHorizon(horizon).withKnownFuture(new float[][]{known});
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, H, H + 3, 2 * H})
    void aShorterHorizonIsTheBeginningWhereTheKnownFutureGoesOn(int horizon) {
        Forecaster forecaster = exogenous();
        float[][] history = walks(16, 3, L);
        float[] known = walks(17, 1, 3 * H)[0];
        float[][] whole = forecaster.forecast(request(history, known, 3 * H)).values();
        Forecast part = forecaster.forecast(request(history, known, horizon));
        for (int c = 0; c < 2; c++) assertArrayEquals(Arrays.copyOf(whole[c], horizon), part.values()[c]);
        assertTrue(part.codedNotes().stream().noneMatch(note -> note.code() == NoteCode.REPEATED_FUTURE));
    }

    @Test
    void theLastKnownValueIsRepeatedAndTheForecastSaysSo() {
        Forecaster forecaster = exogenous();
        float[][] history = walks(16, 3, L);
        float[] known = walks(17, 1, H + 3)[0];
        Forecast forecast = forecaster.forecast(request(history, known, H + 3));
        assertEquals(
                "the model looks " + (H - 3)
                        + " steps beyond the known future values; the last ones were repeated there",
                forecast.notes().get(1));
        float[] repeated = Arrays.copyOf(known, 2 * H);
        Arrays.fill(repeated, H + 3, 2 * H, known[H + 2]);
        Forecast same = forecaster.forecast(request(history, repeated, H + 3));
        assertArrayEquals(same.values()[0], forecast.values()[0]);
        assertEquals(1, same.notes().size());
    }

    /** Masked prediction holds zeros where the future is not known; without mixing, channels stand alone. */
    @ParameterizedTest
    @EnumSource(TtmConfig.Mode.class)
    void aMaskedModelCanDoWithoutKnownFuture(TtmConfig.Mode mode) {
        TtmConfig config = small().set(Key.NUM_INPUT_CHANNELS, 3)
                .set(Key.MODE, mode)
                .set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(1))
                .set(Key.ARCHITECTURES, TtmConfig.Architecture.MASKED)
                .build();
        ModelForecaster forecaster = Forecaster.of(new TtmModel(config).initialize(6)).fast();
        float[][] history = walks(20, 3, L);
        Forecast without = forecaster.forecast(history);
        assertArrayEquals(new int[]{0, 2}, without.channels());
        float[][] zeros = forecaster.forecast(request(history, new float[H], H)).values();
        float[][] ones = forecaster.forecast(request(history, walks(21, 1, H)[0], H)).values();
        float[][] result = new float[2][H];
        forecaster.forecast(history, result);
        for (int c = 0; c < 2; c++) {
            assertArrayEquals(zeros[c], without.values()[c]);
            assertArrayEquals(zeros[c], result[c]);
            assertEquals(mode == TtmConfig.Mode.COMMON_CHANNEL, Arrays.equals(zeros[c], ones[c]));
        }
    }

    @Test
    void namedChannelsOfAModelThatMixesNoneAreForecastAlone() {
        TtmConfig config = small().set(Key.NUM_INPUT_CHANNELS, 3)
                .set(Key.PREDICTION_CHANNEL_INDICES, List.of(2, 0))
                .build();
        TtmModel model = new TtmModel(config).initialize(7);
        ModelForecaster forecaster = Forecaster.of(model).fast();
        ModelForecaster all = Forecaster.of(new TtmModel(small().build()).initialize(7)).fast();
        float[][] history = walks(22, 5, L);
        float[][] expected = all.forecast(history, 40).values();
        Forecast forecast = forecaster.forecast(history, 40);
        assertArrayEquals(new int[]{0, 2}, forecast.channels());
        assertArrayEquals(expected[0], forecast.values()[0]);
        assertArrayEquals(expected[2], forecast.values()[1]);
        refused("the history has 2 channels: this model needs at least 3 (prediction_channel_indices, "
                + "exogenous_channel_indices)", () -> forecaster.forecast(Arrays.copyOf(history, 2)));

        Graph graph = new Graph(Graph.Mode.INFERENCE);
        TtmModel.Inputs in = model.inputs(graph, 1, 5, true);
        for (int c = 0; c < 5; c++) System.arraycopy(history[c], 0, in.past().value(), c * L, L);
        Arrays.fill(in.mask().value(), 1);
        Tensor direct = model.forward(in).forecast().keep();
        graph.forward();
        for (int t = 0; t < H; t++) assertEquals(expected[2][t], direct.value()[H + t], 1e-4, "step " + t);
        refused("past [1, 2, 64]: this model needs at least 3 channels (prediction_channel_indices, "
                + "exogenous_channel_indices)", () -> model.forward(model.inputs(graph, 1, 2, false)));
    }

    @Test
    void exogenousChannelsAloneLeaveAllOthersOfTheInput() {
        TtmConfig config = small().set(Key.NUM_INPUT_CHANNELS, 2)
                .set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(1))
                .build();
        ModelForecaster forecaster = Forecaster.of(new TtmModel(config).initialize(7)).fast();
        assertArrayEquals(new int[]{0, 2, 3}, forecaster.forecast(walks(23, 4, L)).channels());
    }

    @Test
    void impossibleKnownFuturesAreNamed() {
        Forecaster forecaster = exogenous();
        float[][] history = walks(18, 3, L);
        float[] known = new float[20];
        refused("the history has 2 channels: this model needs 3 (num_input_channels)",
                () -> forecaster.forecast(request(Arrays.copyOf(history, 2), known, 20)));
        refused("this model needs the known future of its 1 exogenous channels, not of 0",
                () -> forecaster.forecast(history));
        refused("this model needs the known future of its 1 exogenous channels, not of 2",
                () -> forecaster.forecast(ForecastRequest.of(history).withKnownFuture(new float[2][20])));
        refused("the known future of exogenous channel 0 has 20 steps: the horizon needs 21",
                () -> forecaster.forecast(request(history, known, 21)));
        known[19] = Float.NaN;
        refused("knownFuture[0][19] is missing (NaN)", () -> forecaster.forecast(request(history, known, 20)));
        refused("knownFuture[0][19] is missing (NaN)", () -> forecaster.forecast(request(history, known, 18)));
        refused("knownFuture[0] is null",
                () -> forecaster.forecast(ForecastRequest.of(history).withKnownFuture(new float[1][])));
        known[19] = Float.POSITIVE_INFINITY;
        refused("knownFuture[0][19] is infinite; missing values are NaN",
                () -> forecaster.forecast(request(history, known, 20)));
    }

    @Test
    void theFrequencyChoosesTheToken() {
        TtmConfig config = small().set(Key.RESOLUTION_PREFIX_TUNING, true)
                .set(Key.FREQUENCY_TOKEN_VOCAB_SIZE, 8)
                .build();
        TtmModel model = new TtmModel(config).initialize(4);
        ModelForecaster forecaster = Forecaster.of(model).fast();
        float[][] walk = walks(19, 1, L);
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        TtmModel.Inputs in = model.inputs(graph, 1, 1, true);
        System.arraycopy(walk[0], 0, in.past().value(), 0, L);
        Arrays.fill(in.mask().value(), 1);
        Tensor expected = model.forward(in).forecast().keep();
        Duration[] frequencies = {null, Duration.ofSeconds(10), Duration.ofMinutes(15), Duration.ofHours(1),
                Duration.ofDays(1)};
        int[] tokens = {0, 0, 5, 7, 0};
        for (int i = 0; i < tokens.length; i++) {
            in.resolutionTokens()[0] = tokens[i];
            graph.forward();
            ForecastRequest request = ForecastRequest.of(walk);
            if (frequencies[i] != null) request = request.withFrequency(frequencies[i]);
            float[] actual = forecaster.forecast(request).values()[0];
            assertArrayEquals(expected.value(), actual, 1e-4f, "frequency " + frequencies[i]);
        }
    }

    @Test
    void everyNoteOfAModelHasACode() {
        for (ForecastRun.NoteKind kind : ForecastRun.NoteKind.values()) {
            assertDoesNotThrow(() -> NoteCode.valueOf(kind.name()), kind.name());
        }
    }

    @Test
    void resolutionsMapToTheirTokens() {
        Duration minute = Duration.ofMinutes(1);
        int[] minutes = {1, 2, 5, 10, 15, 30, 60, 24 * 60, 7 * 24 * 60};
        for (int i = 0; i < minutes.length; i++) {
            Resolution resolution = Resolution.of(minute.multipliedBy(minutes[i]));
            assertEquals(i + 1, resolution.token());
            assertEquals(minute.multipliedBy(minutes[i]), resolution.frequency());
            assertEquals(i + 1 < 8 ? i + 1 : 0, resolution.tokenWithin(8));
        }
        assertEquals(Resolution.UNKNOWN, Resolution.of(null));
        assertEquals(Resolution.UNKNOWN, Resolution.of(Duration.ZERO));
        assertEquals(Resolution.UNKNOWN, Resolution.of(Duration.ofMinutes(3)));
    }
}
