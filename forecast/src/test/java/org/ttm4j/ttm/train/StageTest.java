package org.ttm4j.ttm.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ttm4j.autograd.optim.Schedule;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;

/** A model is trained in stages, each of which moves what it says and nothing else. */
@Tag("training")
class StageTest {
    private static final int L = 32;
    private static final int H = 8;
    private static final int STEPS = 30;

    private static TtmModel model() {
        Map<String, Object> json = new LinkedHashMap<>(Samples.config(L, H).build().toJson());
        json.put("architectures", List.of(TtmConfig.Architecture.DECOMPOSED.className()));
        json.put("multi_quantile_head", true);
        json.put("register_tokens", 1L);
        json.put("dropout", 0.0);
        json.put("head_dropout", 0.0);
        return new TtmModel(TtmConfig.fromJson(json)).initialize(4);
    }

    /** A line and a wave; some targets are missing, and would be far off where they counted. */
    private static void fill(WindowSource.Window window, long index) {
        float[] raw = new float[L + H];
        for (int t = 0; t < raw.length; t++) raw[t] = (float) (0.1 * t + Math.sin(t + index % 7));
        window.normalise(raw);
        window.target()[H - 1] = 1e6f;
        window.targetMask()[H - 1] = 0;
    }

    private static int hash(TtmModel model, String prefix) {
        return model.parameters()
                .entrySet()
                .stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToInt(entry -> Arrays.hashCode(entry.getValue().value()))
                .sum();
    }

    private static double[] train(TtmModel model, Stage stage) throws InterruptedException {
        TrainingPlan plan = TrainingPlan.defaults()
                .withSchedule(Schedule.cosineWithWarmup(5e-3, 5e-5, 1, STEPS), STEPS)
                .withBatch(14, 7)
                .withThreads(1)
                .withAverageDecay(0);
        double[] losses = new double[STEPS];
        try (Trainer trainer = new Trainer(stage.prepare(model), StageTest::fill, 1, plan)) {
            for (int i = 0; i < STEPS; i++) losses[i] = trainer.step();
        }
        assertTrue(losses[STEPS - 1] < 0.98 * losses[0], stage.name() + ": " + Arrays.toString(losses));
        return losses;
    }

    @Test
    void eachStageTrainsItsPart() throws InterruptedException {
        TtmModel model = model();
        for (Stage stage : List.of(Stage.TREND, Stage.RESIDUAL)) {
            int trend = hash(model, "trend_forecaster.");
            int residual = hash(model, "residual_forecaster.");
            train(model, stage);
            assertEquals(stage == Stage.TREND, trend != hash(model, "trend_forecaster."));
            assertEquals(stage == Stage.RESIDUAL, residual != hash(model, "residual_forecaster."));
        }
        int backbone = hash(model, "trend_forecaster.backbone.");
        int quantiles = hash(model, "residual_forecaster.multi_quantile_head_block.");
        int head = hash(model, "residual_forecaster.head.");
        train(model, Stage.JOINT_HEADS);
        assertEquals(backbone, hash(model, "trend_forecaster.backbone."));
        assertEquals(quantiles, hash(model, "residual_forecaster.multi_quantile_head_block."));
        assertNotEquals(head, hash(model, "residual_forecaster.head."));
        train(model, Stage.JOINT);
        assertNotEquals(backbone, hash(model, "trend_forecaster.backbone."));
        assertNotEquals(quantiles, hash(model, "residual_forecaster.multi_quantile_head_block."));
    }

    /** Steps differ in their noise, which the head cannot know but from its place. */
    @Test
    void quantilesAreTrainedAloneAndWidenWithTheStep() throws Exception {
        Map<String, Object> json = new LinkedHashMap<>(Samples.config(L, H).build().toJson());
        json.putAll(Map.of("multi_quantile_head", true, "mq_use_decoder_pool", true, "mq_step_widths", true,
                "mq_q50_type", "mean", "dropout", 0.0, "head_dropout", 0.0));
        TtmModel model = new TtmModel(TtmConfig.fromJson(json)).initialize(4);
        int backbone = hash(model, "backbone.");
        int head = hash(model, "head.");
        TrainingPlan plan = TrainingPlan.defaults()
                .withSchedule(Schedule.cosineWithWarmup(3e-2, 3e-4, 1, 300), 300)
                .withBatch(14, 7)
                .withThreads(1)
                .withAverageDecay(0);
        try (Trainer trainer = new Trainer(Stage.QUANTILES.prepare(model), StageTest::fillNoisier, 1, plan)) {
            while (!trainer.finished()) trainer.step();
        }
        assertEquals(backbone, hash(model, "backbone."));
        assertEquals(head, hash(model, "head."));
        float[][] history = new float[1][L];
        for (int t = 0; t < L; t++) history[0][t] = (float) Math.sin(t);
        float[][][] quantiles = Forecaster.of(model)
                .fast()
                .forecast(ForecastRequest.of(history).withQuantiles(0.1, 0.9))
                .quantiles()
                .orElseThrow()
                .values();
        double first = quantiles[1][0][0] - quantiles[0][0][0];
        double last = quantiles[1][0][H - 1] - quantiles[0][0][H - 1];
        assertTrue(last > 2 * first, first + " at first, " + last + " at last");
    }

    private static void fillNoisier(WindowSource.Window window, long index) {
        Random random = new Random(index);
        float[] raw = new float[L + H];
        for (int t = 0; t < L; t++) raw[t] = (float) Math.sin(t + index % 7);
        for (int t = 0; t < H; t++) raw[L + t] = (float) (random.nextGaussian() * (1 + t));
        window.normalise(raw);
    }

    @Test
    void whatHasNoStagesIsRefused() {
        TtmModel single = new TtmModel(Samples.config(L, H).build());
        assertEquals("stage trend: the model is not decomposed",
                assertThrows(IllegalArgumentException.class, () -> Stage.TREND.prepare(single)).getMessage());
        assertEquals("stage quantiles: the model is decomposed",
                assertThrows(IllegalArgumentException.class, () -> Stage.QUANTILES.prepare(model())).getMessage());
        Stage wrong = new Stage("trend", 1, 0, 0, List.of("trends."));
        assertEquals("stage trend: the model has no parameter of [trends.]",
                assertThrows(IllegalArgumentException.class, () -> wrong.prepare(model())).getMessage());
        assertEquals("no stage is called end: there are trend, residual, joint, joint_heads, quantiles",
                assertThrows(IllegalArgumentException.class, () -> Stage.of("end")).getMessage());
    }
}
