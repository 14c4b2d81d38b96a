package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ttm4j.ttm.config.GateConfig;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;
import org.ttm4j.ttm.train.Channels;

/** Forecasts in original units by models that were trained on standardised ones. */
class ForecasterChannelsTest {
    private static final double[] MEANS = {100, -3, 0.5};
    private static final double[] DEVIATIONS = {7, 0.25, 40};
    private static final Channels CHANNELS = new Channels(
            List.of(channel(0, Role.TARGET), channel(1, Role.KNOWN_FUTURE), channel(2, Role.PAST_ONLY)));

    @TempDir
    Path folder;

    private static Channel channel(int i, Role role) {
        return Channel.of("c" + i, role, MEANS[i], DEVIATIONS[i]);
    }

    private static TtmConfig.Builder config() {
        return Samples.config(32, 6);
    }

    private static TtmModel mixing() {
        return new TtmModel(config().set(Key.NUM_INPUT_CHANNELS, 3)
                .set(Key.DECODER_MODE, TtmConfig.Mode.MIX_CHANNEL)
                .set(Key.PREDICTION_CHANNEL_INDICES, List.of(0))
                .set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(1))
                .set(Key.ENABLE_FORECAST_CHANNEL_MIXING, true)
                .set(Key.FCM_USE_MIXER, true)
                .build()).initialize(4);
    }

    private static TtmModel plain() {
        return new TtmModel(config().build()).initialize(4);
    }

    private static float[][] values(int steps) {
        SplittableRandom random = new SplittableRandom(8);
        float[][] values = new float[3][steps];
        for (int c = 0; c < 3; c++) {
            for (int t = 0; t < steps; t++)
                values[c][t] = (float) (MEANS[c] + DEVIATIONS[c] * random.nextDouble(-2, 2));
        }
        return values;
    }

    private static float[][] scaled(float[][] values, int... channels) {
        float[][] scaled = new float[values.length][];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = new float[values[i].length];
            for (int t = 0; t < scaled[i].length; t++) {
                scaled[i][t] = (float) ((values[i][t] - MEANS[channels[i]]) / DEVIATIONS[channels[i]]);
            }
        }
        return scaled;
    }

    private static float[] unscaled(float[] scaled, int channel) {
        float[] values = new float[scaled.length];
        for (int t = 0; t < values.length; t++) values[t] = (float) (scaled[t] * DEVIATIONS[channel] + MEANS[channel]);
        return values;
    }

    @Test
    void theModelSeesStandardisedValuesAndFutures() {
        float[][] history = values(40);
        history[2][35] = Float.NaN;
        float[][] future = {Arrays.copyOf(values(50)[1], 9)};
        float[] standard = Forecaster.of(mixing())
                .fast()
                .forecast(ForecastRequest.of(scaled(history, 0, 1, 2)).withKnownFuture(scaled(future, 1)))
                .values()[0];
        float[] original = Forecaster.of(mixing(), CHANNELS)
                .fast()
                .forecast(ForecastRequest.of(history).withKnownFuture(future))
                .values()[0];
        assertArrayEquals(unscaled(standard, 0), original);
    }

    /** num_input_channels is 1, and binds nothing. */
    @ParameterizedTest
    @EnumSource(names = {"PREDICTION", "DECOMPOSED"})
    void aChannelMayLieBeyondTheNumberOfTheConfiguration(TtmConfig.Architecture architecture) throws Exception {
        TtmConfig config = config().set(Key.ARCHITECTURES, architecture)
                .set(Key.GATE_MODE, GateConfig.Mode.SIGMOID)
                .set(Key.PREDICTION_CHANNEL_INDICES, List.of(2))
                .build();
        TtmModel model = new TtmModel(config).initialize(4);
        model.save(folder, DType.F32);
        ModelForecaster forecaster = Forecaster.load(folder).fast();
        float[][] history = values(40);
        float[][] forecast = forecaster.forecast(history, 20).values();
        TtmModel any = new TtmModel(config.toBuilder().set(Key.PREDICTION_CHANNEL_INDICES, List.of()).build())
                .initialize(4);
        assertEquals(1, forecast.length);
        assertArrayEquals(Forecaster.of(any).fast().forecast(history, 20).values()[2], forecast[0]);
        assertEquals(
                "the history has 2 channels: this model needs at least 3 (prediction_channel_indices, "
                        + "exogenous_channel_indices)",
                assertThrows(IllegalArgumentException.class, () -> forecaster.forecast(Arrays.copyOf(history, 2), 20))
                        .getMessage());
        Channels two = new Channels(List.of(channel(0, Role.PAST_ONLY), channel(1, Role.TARGET)));
        assertEquals(
                "2 channels are seen by the model, which needs at least 3 (prediction_channel_indices, "
                        + "exogenous_channel_indices)",
                assertThrows(IllegalArgumentException.class, () -> Forecaster.of(model, two).fast()).getMessage());
    }

    @Test
    void furtherPassesGoOnInOriginalUnits() {
        float[][] history = values(40);
        float[][] future = {Arrays.copyOf(values(50)[1], 15)};
        ModelForecaster forecaster = Forecaster.of(mixing(), CHANNELS).fast();
        float[] once = forecaster.forecast(ForecastRequest.of(history).withHorizon(15).withKnownFuture(future))
                .values()[0];
        float[][] longer = {Arrays.copyOf(history[0], 46), Arrays.copyOf(history[1], 46),
                Arrays.copyOf(history[2], 46)};
        System.arraycopy(once, 0, longer[0], 40, 6);
        System.arraycopy(future[0], 0, longer[1], 40, 6);
        Arrays.fill(longer[2], 40, 46, Float.NaN);
        float[] second = forecaster
                .forecast(
                        ForecastRequest.of(longer).withKnownFuture(new float[][]{Arrays.copyOfRange(future[0], 6, 15)}))
                .values()[0];
        assertArrayEquals(second, Arrays.copyOfRange(once, 6, 12));
    }

    @Test
    void channelsWithoutAChangeOfUnitsChangeNoBit() {
        Channels same = new Channels(List.of(Channel.of("a", Role.TARGET, 0, 1), Channel.of("b", Role.TARGET, 0, 1),
                Channel.of("c", Role.TARGET, 0, 1)));
        float[][] history = values(50);
        history[0][49] = Float.NaN;
        for (int t = 0; t < 50; t++) history[1][t] *= 1e-7f;
        Forecast expected = Forecaster.of(plain()).fast().forecast(history, 20);
        Forecast actual = Forecaster.of(plain(), same).fast().forecast(history, 20);
        for (int c = 0; c < 3; c++) assertArrayEquals(expected.values()[c], actual.values()[c]);
    }

    @Test
    void channelsThatDoNotVaryKeepTheirExactValue() {
        Channels targets = new Channels(
                List.of(channel(0, Role.TARGET), channel(1, Role.TARGET), channel(2, Role.TARGET)));
        float[][] history = values(40);
        Arrays.fill(history[0], 0.1f);
        Arrays.fill(history[1], 8, 40, Float.NaN);
        Arrays.fill(history[2], Float.NaN);
        Forecast forecast = Forecaster.of(plain(), targets).fast().forecast(history, 13);
        float[] expected = {0.1f, history[1][7], 0};
        for (int c = 0; c < 3; c++) for (float value : forecast.values()[c]) assertEquals(expected[c], value);
    }

    @Test
    void theWayWithoutAllocationGivesTheSameBits() {
        Channels targets = new Channels(
                List.of(channel(0, Role.TARGET), channel(1, Role.TARGET), channel(2, Role.TARGET)));
        ModelForecaster forecaster = Forecaster.of(plain(), targets).fast();
        float[][] result = new float[3][6];
        for (int steps : new int[]{40, 32, 20}) {
            float[][] history = values(steps);
            forecaster.forecast(history, result);
            Forecast expected = forecaster.forecast(history);
            for (int c = 0; c < 3; c++) assertArrayEquals(expected.values()[c], result[c]);
        }
    }

    @Test
    void aSavedModelForecastsTheSameBits() throws IOException {
        mixing().save(folder, DType.F32);
        Files.write(folder.resolve(Channels.FILE), CHANNELS.json());
        ModelForecaster loaded = Forecaster.load(folder).fast();
        assertEquals(Optional.of(CHANNELS), loaded.info().channels());
        ForecastRequest request = ForecastRequest.of(values(40))
                .withKnownFuture(new float[][]{Arrays.copyOf(values(50)[1], 6)});
        assertArrayEquals(Forecaster.of(mixing(), CHANNELS).fast().forecast(request).values()[0],
                loaded.forecast(request).values()[0]);
    }

    @Test
    void channelsThatDoNotFitTheModelAreRefused() throws IOException {
        plain().save(folder, DType.F32);
        Files.write(folder.resolve(Channels.FILE), CHANNELS.json());
        String message = assertThrows(CheckpointException.class, () -> Forecaster.load(folder).fast()).getMessage();
        assertTrue(message.contains("channels.json") && message.contains("prediction_channel_indices"), message);
        Files.delete(folder.resolve("channels.json"));
        assertEquals(Optional.empty(), Forecaster.load(folder).fast().info().channels());
    }

    @Test
    void anotherNumberOfChannelsIsRefused() {
        Channels targets = new Channels(List.of(channel(0, Role.TARGET), channel(1, Role.TARGET)));
        String message = assertThrows(IllegalArgumentException.class,
                () -> Forecaster.of(plain(), targets).fast().forecast(values(40))).getMessage();
        assertEquals("the history has 3 channels: this model reads c0, c1 (2, channels.json)", message);
    }

    @Test
    void valuesBeyondFloatAreRefused() {
        Channels tiny = new Channels(List.of(Channel.of("a", Role.TARGET, 0, 1e-30)));
        float[] huge = new float[40];
        Arrays.fill(huge, 1e30f);
        String message = assertThrows(IllegalArgumentException.class,
                () -> Forecaster.of(plain(), tiny).fast().forecast(new float[][]{huge})).getMessage();
        assertTrue(message.contains("channel a"), message);
    }
}
