package org.ttm4j.ttm.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.forecast.FineTunedIntervals;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Precision;
import org.ttm4j.ttm.series.Rows;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;

/** Fine-tuning begins at the pre-trained model, ends no worse on validation, and is the same every time. */
@Tag("training")
class FineTuningTest {
    private static final int L = 32;
    private static final int H = 8;
    private static final int ROWS = 400;

    @TempDir
    Path folder;

    private static TtmConfig.Builder small() {
        return Samples.config(L, H);
    }

    private static TtmModel base() {
        return new TtmModel(small().build()).initialize(3);
    }

    private static FineTuningOptions options(boolean mixing, int horizon, int epochs, int threads) {
        return FineTuningOptions.defaults()
                .withHorizon(horizon)
                .withChannelMixing(mixing)
                .withEpochs(epochs)
                .withBatch(16)
                .withHeadDropout(0.1)
                .withSeed(7)
                .withThreads(threads);
    }

    /** Seasons with noise and gaps; the values of channel c lie around 100·c. */
    private static float[][] seasons(int channels, int rows) {
        SplittableRandom random = new SplittableRandom(5);
        float[][] values = new float[channels][rows];
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < rows; t++) {
                values[c][t] = (float) (100 * c + 10 * Math.sin((t + 3 * c) / 2.0) + random.nextGaussian());
                if (random.nextInt(50) == 0) values[c][t] = Float.NaN;
            }
        }
        return values;
    }

    private static Channels roles(Role... roles) {
        List<Channel> channels = new ArrayList<>();
        for (int c = 0; c < roles.length; c++) channels.add(Channel.of("c" + c, roles[c], 0, 1));
        return new Channels(channels);
    }

    private static FineTuningData data(float[][] values, Role... roles) {
        return FineTuningData.chronological(roles(roles), values, L, 0.6, 0.2, 1);
    }

    private static FineTuned run(FineTuningData data, FineTuningOptions options) throws InterruptedException {
        return FineTuning.run(base(), data, options, (epoch, best) -> {});
    }

    @Test
    void aSeriesThatOnlyAKnownChannelDrivesNeedsThatChannel() throws InterruptedException {
        SplittableRandom random = new SplittableRandom(1);
        float[][] values = new float[2][1500];
        for (int t = 0; t < values[0].length; t++) {
            values[1][t] = random.nextInt(3);
            values[0][t] = 50 + 20 * values[1][t];
        }
        FineTuningOptions options = options(false, 0, 12, 2).withPatience(12).withHeadDropout(0);
        double alone = run(data(new float[][]{values[0]}, Role.TARGET), options).validationLoss();
        double driven = run(data(values, Role.TARGET, Role.KNOWN_FUTURE), options).validationLoss();
        assertTrue(driven * 5 <= alone, driven + " with the driver, " + alone + " without");
    }

    /** Of a decomposed model with quantiles, whose two backbones are not of the plain names. */
    @ParameterizedTest
    @EnumSource(FineTuningOptions.Frozen.class)
    void whatIsFrozenStaysAsItWas(FineTuningOptions.Frozen frozen) throws InterruptedException {
        Map<String, Object> json = new LinkedHashMap<>(small().build().toJson());
        json.put("architectures", List.of(TtmConfig.Architecture.DECOMPOSED.className()));
        json.put("multi_quantile_head", true);
        TtmModel base = new TtmModel(TtmConfig.fromJson(json)).initialize(3);
        FineTuningOptions options = options(false, 0, 2, 1).withFrozen(frozen).withLearningRate(1e-2);
        FineTuned tuned = FineTuning.run(base, data(seasons(2, ROWS), Role.TARGET, Role.TARGET), options,
                (epoch, best) -> {});
        assertTrue(tuned.improved());
        assertEquals(0.1, tuned.model().config().decomposition().trendLossWeight());
        tuned.model().parameters().forEach((name, parameter) -> {
            boolean stays = switch (frozen) {
                case BACKBONE -> name.contains("_forecaster.backbone.");
                case WEIGHTS -> !name.contains(".bias");
                case NONE -> false;
            };
            if (stays) assertArrayEquals(base.parameters().get(name).value(), parameter.value(), name);
        });
        String head = "trend_forecaster.head.base_forecast_block.bias";
        assertFalse(Arrays.equals(base.parameters().get(head).value(), tuned.model().parameters().get(head).value()));
    }

    @Test
    void theLossOfTheForecastCountsBesideThatOfItsQuantiles() throws InterruptedException {
        Map<String, Object> json = new LinkedHashMap<>(small().build().toJson());
        json.put("multi_quantile_head", true);
        TtmModel base = new TtmModel(TtmConfig.fromJson(json)).initialize(3);
        FineTuningOptions options = options(false, 0, 1, 1).withLearningRate(1e-2);
        List<float[]> biases = new ArrayList<>();
        for (TtmConfig.Loss loss : List.of(TtmConfig.Loss.MSE, TtmConfig.Loss.MAE)) {
            TtmModel tuned = FineTuning
                    .run(base, data(seasons(1, ROWS), Role.TARGET), options.withLoss(loss), (epoch, best) -> {})
                    .model();
            assertEquals(loss, tuned.config().quantileHead().pointExtraLoss());
            biases.add(tuned.parameters().get("head.base_forecast_block.bias").value());
        }
        assertFalse(Arrays.equals(biases.get(0), biases.get(1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theSameSeedGivesTheSameBits(int threads) throws InterruptedException {
        FineTuningData data = data(seasons(3, ROWS), Role.TARGET, Role.KNOWN_FUTURE, Role.PAST_ONLY);
        FineTuned one = run(data, options(true, 5, 2, threads));
        FineTuned two = run(data, options(true, 5, 2, threads));
        assertEquals(one.validationLoss(), two.validationLoss());
        assertEquals(one.learningRate(), two.learningRate());
        one.model()
                .parameters()
                .forEach((name, parameter) -> assertArrayEquals(parameter.value(),
                        two.model().parameters().get(name).value(), name));
    }

    @Test
    void aSavedModelForecastsBitForBitInOriginalUnits() throws Exception {
        float[][] values = seasons(2, ROWS);
        FineTuned tuned = run(data(values, Role.TARGET, Role.KNOWN_FUTURE), options(true, 0, 3, 2));
        tuned.save(folder.resolve("model"));
        ForecastRequest request = ForecastRequest.of(values).withKnownFuture(new float[][]{new float[H]});
        float[][] expected = Forecaster.of(tuned.model(), tuned.channels()).fast().forecast(request).values();
        assertArrayEquals(expected, Forecaster.load(folder.resolve("model")).fast().forecast(request).values());
        FineTuned plain = run(data(seasons(5, ROWS), Role.TARGET, Role.TARGET, Role.TARGET, Role.TARGET, Role.TARGET),
                options(false, 0, 2, 2));
        plain.save(folder.resolve("model"));
        float[][] forecast = Forecaster.load(folder.resolve("model")).fast().forecast(seasons(5, ROWS)).values();
        assertEquals(5, forecast.length);
        for (float value : forecast[4]) assertEquals(400, value, 60);
    }

    @Test
    void newPartsAddNothingAtFirst() {
        Channels channels = new Channels(List.of(Channel.of("a", Role.TARGET, 0, 1), Channel.of("b", Role.TARGET, 0, 1),
                Channel.of("plan", Role.KNOWN_FUTURE, 0, 1), Channel.of("past", Role.PAST_ONLY, 0, 1),
                Channel.category("kind", List.of("x", "y"))));
        TtmConfig config = Adaptation.configuration(base().config(), channels, options(true, 5, 1, 1));
        Adaptation adaptation = Adaptation.of(base(), config, 9);
        float[][] history = seasons(4, L);
        float[][] expected = Forecaster.of(base()).fast().forecast(new float[][]{history[0], history[1]}, 5).values();
        float[][] actual = Forecaster.of(adaptation.model())
                .fast()
                .forecast(ForecastRequest.of(history).withKnownFuture(new float[][]{new float[5]}).withCategories(1))
                .values();
        for (int c = 0; c < 2; c++) assertArrayEquals(expected[c], actual[c], 1e-3f);
        assertEquals(List.of("decoder.decoder_cat_embedding_layer",
                "decoder.decoder_block.mixers.0.channel_feature_mixer", "head.fcm_block"), adaptation.initialized());
    }

    @Test
    void aHorizonAloneIsNoNewPart() {
        TtmConfig config = Adaptation.configuration(base().config(), roles(Role.TARGET), options(false, 3, 1, 1));
        assertEquals(3, config.outputLength());
        assertEquals(List.of(), Adaptation.of(base(), config, 1).initialized());
    }

    @Test
    void validationNeverGetsWorseAndTheBackboneStays() throws InterruptedException {
        FineTuningData data = data(seasons(3, ROWS), Role.TARGET, Role.TARGET, Role.TARGET);
        List<Double> losses = new ArrayList<>();
        FineTuned tuned = FineTuning.run(base(), data, options(false, 0, 4, 2),
                (epoch, best) -> losses.add(best.validationLoss()));
        for (int i = 1; i < losses.size(); i++) assertTrue(losses.get(i) <= losses.get(i - 1), losses.toString());
        assertTrue(tuned.validationLoss() < losses.get(0), "nothing learned: " + losses);
        base().parameters().forEach((name, parameter) -> {
            boolean same = Arrays.equals(parameter.value(), tuned.model().parameters().get(name).value());
            assertEquals(name.startsWith("backbone."), same, name);
        });
    }

    @Test
    void aBatchHasNoMoreWindowsThanThereAre() throws InterruptedException {
        FineTuningData data = data(seasons(2, ROWS), Role.TARGET, Role.TARGET);
        FineTuned all = run(data, options(false, 0, 2, 2).withBatch(TrainingPlan.MOST_BATCH));
        int windows = 2 * data.series().get(0).train().windows(L + all.model().config().outputLength());
        assertTrue(windows > FineTuningOptions.defaults().batch());
        assertEquals(windows - windows % 64, all.options().batch());
        FineTuned few = run(data(seasons(1, 100), Role.TARGET), options(false, 0, 1, 2).withBatch(100));
        assertEquals(64, few.options().batch());
    }

    @Test
    void aFrozenBackboneIsTheSameKnownBeforeOrNot() throws InterruptedException {
        FineTuningData data = data(seasons(3, ROWS), Role.TARGET, Role.KNOWN_FUTURE, Role.TARGET);
        TtmConfig config = Adaptation.configuration(base().config(), data.channels(), options(false, 0, 1, 1));
        TtmModel model = Adaptation.of(base(), config, 1).model();
        RowWindows windows = new RowWindows(config, data, FineTuningData.Series::train, 50);
        double whole = new HeldOut(model, windows, windows.size(), 3, 1).loss();
        model.freeze("backbone.", true);
        WindowSource known = Backbone.encoded(windows, model, Long.MAX_VALUE, 2);
        assertEquals(whole, new HeldOut(model, windows, windows.size(), 3, 2).loss());
        assertEquals(whole, new HeldOut(model, known, windows.size(), 3, 2).loss());
        assertEquals(windows, Backbone.encoded(windows, model, 10, 2));
    }

    @Test
    void manySeriesWithCategoriesAndEmptyChannels() throws InterruptedException {
        Channels roles = new Channels(List.of(Channel.of("a", Role.TARGET, 0, 1), Channel.of("b", Role.TARGET, 0, 1),
                Channel.category("kind", List.of("x", "y"))));
        Rows train = new Rows(0, 100);
        Rows validation = new Rows(100 - L, 150);
        float[][] second = seasons(2, 150);
        Arrays.fill(second[1], Float.NaN);
        Rows none = new Rows(0, 3);
        List<FineTuningData.Series> series = List.of(
                new FineTuningData.Series(seasons(2, 150), new int[]{0}, none, none),
                new FineTuningData.Series(second, new int[]{1}, train, validation),
                new FineTuningData.Series(seasons(2, 200), new int[]{0}, train, validation));
        FineTuned tuned = run(new FineTuningData(roles, series), options(true, 0, 2, 2));
        assertTrue(Double.isFinite(tuned.validationLoss()));
        assertEquals(List.of(2), tuned.model().config().categoricalVocabSizeList());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLargeSeriesCountsNoMoreThanASmallOne(boolean mixing) throws InterruptedException {
        Rows train = new Rows(0, 250);
        Rows validation = new Rows(250 - L, ROWS);
        List<Double> losses = new ArrayList<>();
        for (float factor : new float[]{1, 1000}) {
            float[][] second = seasons(2, ROWS);
            for (float[] channel : second) for (int t = 0; t < ROWS; t++) channel[t] *= factor;
            float[][] first = seasons(2, ROWS);
            // Of deviation 1, which is also that of a constant, such as the second.
            for (int t = 0; t < ROWS; t++) first[0][t] = t % 2 * 2;
            Arrays.fill(second[1], factor);
            List<FineTuningData.Series> series = List.of(
                    new FineTuningData.Series(first, new int[0], train, validation),
                    new FineTuningData.Series(second, new int[0], train, validation));
            losses.add(run(new FineTuningData(roles(Role.TARGET, Role.TARGET), series), options(mixing, 0, 2, 2))
                    .validationLoss());
        }
        assertEquals(losses.get(0), losses.get(1), 1e-3 * losses.get(0));
    }

    @Test
    void whatAModelCannotUseIsRefused() {
        assertTrue(refused(seasons(2, ROWS), options(false, 0, 1, 1), Role.TARGET, Role.PAST_ONLY)
                .contains("channel c1 is known in the past only"));
        assertEquals("the validation rows hold no window of 32 + 8 rows",
                refused(seasons(1, 60), options(false, 0, 1, 1), Role.TARGET).replace("training", "validation"));
        float[][] missing = seasons(1, ROWS);
        Arrays.fill(missing[0], ROWS * 3 / 5, ROWS, Float.NaN);
        assertEquals("the validation rows hold no value to forecast: all are missing",
                refused(missing, options(false, 0, 1, 1), Role.TARGET));
        Arrays.fill(missing[0], Float.NaN);
        assertEquals("the training rows hold no value to forecast: all are missing",
                refused(missing, options(false, 0, 1, 1), Role.TARGET));
    }

    private static String refused(float[][] values, FineTuningOptions options, Role... roles) {
        return assertThrows(IllegalArgumentException.class, () -> run(data(values, roles), options)).getMessage();
    }

    @Test
    void aGainThatFewBlocksHaveIsNotSure() {
        HeldOut.Losses before = new HeldOut.Losses(1, new double[]{1, 1, 1, 1});
        assertTrue(Interpolation.sureGain(before, new HeldOut.Losses(0.9, new double[]{0.9, 0.91, 0.89, 0.9})) > 0);
        assertTrue(Interpolation.sureGain(before, new HeldOut.Losses(0.9, new double[]{0.5, 1.03, 1.03, 1.04})) < 0);
        assertEquals(0.1, Interpolation.sureGain(new HeldOut.Losses(1, new double[]{1}),
                new HeldOut.Losses(0.9, new double[]{0.9})), 1e-12);
    }

    @Test
    void fewShotTrainingGoesHalfOfTheWay() throws InterruptedException {
        float[][] values = seasons(3, ROWS);
        Channels roles = roles(Role.TARGET, Role.TARGET, Role.TARGET);
        FineTuned few = run(FineTuningData.chronological(roles, values, L, 0.6, 0.2, 0.5), options(false, 0, 4, 1));
        assertTrue(few.share() > 0 && few.share() <= 0.5, "share " + few.share());
        FineTuned all = run(data(values, Role.TARGET, Role.TARGET, Role.TARGET), options(false, 0, 4, 1));
        assertTrue(all.share() > 0.5, "share " + all.share());
    }

    @Test
    void theModelAfterTheFirstEpochIsWholeOnDisk() throws Exception {
        float[][] values = seasons(2, ROWS);
        FineTuningData data = data(values, Role.TARGET, Role.TARGET);
        Path model = folder.resolve("model");
        IllegalStateException stopped = assertThrows(IllegalStateException.class,
                () -> FineTuning.run(base(), data, options(false, 0, 4, 2), (epoch, best) -> {
                    if (epoch.number() == 0) return;
                    assertDoesNotThrow(() -> best.save(model));
                    throw new IllegalStateException("stopped");
                }));
        assertEquals("stopped", stopped.getMessage());
        for (float value : Forecaster.load(model).fast().forecast(values).values()[1]) assertEquals(100, value, 60);
    }

    @Test
    void intervalsComeFromTheValidationRows() throws Exception {
        float[][] values = seasons(2, ROWS);
        Arrays.fill(values[1], ROWS * 3 / 5, ROWS * 3 / 5 + 3, Float.NaN);
        FineTuningData data = data(values, Role.TARGET, Role.KNOWN_FUTURE);
        FineTuned tuned = run(data, options(false, 0, 1, 2));
        Path model = folder.resolve("model");
        tuned.save(model);
        assertTrue(Forecaster.load(model).fast().info().intervals().isEmpty());
        FineTunedIntervals.of(tuned, data).write(model);
        ModelForecaster forecaster = Forecaster.load(model).fast();
        int windows = forecaster.info().intervals().orElseThrow().windows();
        assertTrue(windows > 60 && windows <= ROWS / 5 - H + 1, windows + " windows");
        float[][][] quantiles = forecaster
                .forecast(ForecastRequest.of(values).withKnownFuture(new float[][]{new float[H]}))
                .quantiles()
                .orElseThrow()
                .values();
        for (int h = 0; h < H; h++) assertTrue(quantiles[0][0][h] < quantiles[8][0][h]);
        tuned.save(model);
        assertTrue(Forecaster.load(model).fast().info().intervals().isEmpty(), "intervals of another model are kept");
    }

    @Test
    void validationRowsWithoutAnObservedValueGiveNoIntervals() throws Exception {
        float[][] values = seasons(2, ROWS);
        Arrays.fill(values[1], ROWS * 3 / 5, ROWS, Float.NaN);
        FineTuningData data = data(values, Role.TARGET, Role.TARGET);
        FineTuned tuned = run(data, options(false, 0, 1, 1));
        String message = assertThrows(IllegalArgumentException.class, () -> FineTunedIntervals.of(tuned, data))
                .getMessage();
        assertEquals("too few observed values: level 0.1 needs 9 windows: channel 1 has 0 at step 0", message);
    }

    @Test
    void trainingThatDivergesIsAnError() {
        float[][] values = seasons(1, ROWS);
        values[0][150] = Float.MAX_VALUE; // of a channel that is not standardised
        FineTuningData data = new FineTuningData(roles(Role.TARGET),
                data(seasons(1, ROWS), Role.TARGET).series()
                        .stream()
                        .map(one -> new FineTuningData.Series(values, one.categories(), one.train(), one.validation()))
                        .toList());
        FineTuningOptions options = options(false, 0, 1, 1).withLearningRate(1e-3);
        String message = assertThrows(TrainingDivergedException.class, () -> run(data, options)).getMessage();
        assertTrue(message.startsWith("training diverged at step "), message);
    }

    @Test
    void aValidationValueFarFromTheTrainingRowsIsBlamed() {
        float[][] values = seasons(1, ROWS);
        values[0][300] = Float.MAX_VALUE;
        String message = assertThrows(IllegalArgumentException.class,
                () -> run(data(values, Role.TARGET), options(false, 0, 1, 1))).getMessage();
        assertTrue(message.startsWith("the loss before training is Infinity: "), message);
        assertTrue(message.endsWith(", or a value of the validation rows is far from all training rows"), message);
    }

    @ParameterizedTest
    @CsvSource({"horizon, -1", "loss, ", "quantile, 0", "quantile, 1", "quantile, 1e-60", "learning rate, 1.5",
            "learning rate, NaN", "epochs, 0", "epochs, 2147483647", "batch, 0", "batch, 2147483647", "patience, 0",
            "head dropout, 1", "head dropout, -0.1", "threads, 0", "threads, 2147483647"})
    void impossibleOptionsAreNamed(String name, String value) {
        FineTuningOptions defaults = FineTuningOptions.defaults();
        double number = value == null ? 0 : Double.parseDouble(value);
        String message = assertThrows(IllegalArgumentException.class, () -> {
            switch (name) {
                case "horizon" -> defaults.withHorizon((int) number);
                case "loss" -> defaults.withLoss(null);
                case "quantile" -> defaults.withQuantile(number);
                case "learning rate" -> defaults.withLearningRate(number);
                case "epochs" -> defaults.withEpochs((int) number);
                case "batch" -> defaults.withBatch((int) number);
                case "patience" -> defaults.withPatience((int) number);
                case "head dropout" -> defaults.withHeadDropout(number);
                default -> defaults.withThreads((int) number);
            }
        }).getMessage();
        assertTrue(message.startsWith(name + " ") && message.contains(": expected "), message);
    }

    @Test
    void tooFewValidationWindowsForIntervalsAreNamed() throws Exception {
        Channels roles = roles(Role.TARGET);
        float[][] values = seasons(1, 200);
        FineTuningData data = new FineTuningData(
                FineTuningData.standardising(roles, List.<double[][]>of(Precision.doubles(values)),
                        List.of(new Rows(0, 180))),
                List.of(new FineTuningData.Series(values, new int[0], new Rows(0, 180), new Rows(180 - L, 190))));
        FineTuned tuned = run(data, options(false, 0, 1, 1));
        String message = assertThrows(IllegalArgumentException.class, () -> FineTunedIntervals.of(tuned, data))
                .getMessage();
        assertTrue(message.contains("need 9 windows") && message.contains("hold 3"), message);
    }

    @Test
    void theRateIsThatOfTheSteepestFallBeforeTheLowestPoint() {
        assertEquals(3, RangeTest.steepest(new double[]{9, 9, 8.9, 8, 5, 4.5, 4.4, 9, 9.5, 1}, 9));
        assertEquals(0, RangeTest.steepest(new double[]{1, 2, 3}, 3));
        assertEquals(1e-6, RangeTest.rate(0), 1e-12);
        assertEquals(1, RangeTest.rate(RangeTest.BATCHES - 1), 1e-9);
    }
}
