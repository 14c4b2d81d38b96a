package org.ttm4j.ttm.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.optim.Schedule;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.Safetensors;
import org.ttm4j.ttm.model.TtmModel;

/** Training is exact: the same seed, plan and threads give the same bits, interrupted or not. */
class TrainerTest {
    private static final int L = 16;
    private static final int H = 4;
    private static final int STEPS = 6;

    @TempDir
    Path folder;

    private static TtmConfig.Builder small() {
        return Samples.config(L, H)
                .set(Key.PATCH_LENGTH, 4)
                .set(Key.PATCH_STRIDE, 4)
                .set(Key.RESOLUTION_PREFIX_TUNING, true);
    }

    private static TtmModel model() {
        return new TtmModel(small().build()).initialize(3);
    }

    private static TtmModel batchNormModel() {
        return new TtmModel(small().set(Key.NORM_MLP, TtmConfig.Norm.BATCH).build()).initialize(3);
    }

    /** A sine of random phase and period with a missing step. */
    private static void fill(WindowSource.Window window, long index) {
        SplittableRandom random = new SplittableRandom(index);
        double phase = random.nextDouble(7);
        double speed = random.nextDouble(0.2, 0.9);
        float[] raw = new float[L + H];
        for (int t = 0; t < raw.length; t++) raw[t] = (float) Math.sin(phase + speed * t);
        raw[random.nextInt(L)] = Float.NaN;
        window.normalise(raw);
        window.token()[0] = (int) (index % 5);
    }

    private static TrainingPlan plan(int micro, int threads, double average) {
        return TrainingPlan.defaults()
                .withSchedule(Schedule.oneCycle(1e-2, STEPS), STEPS)
                .withBatch(8, micro)
                .withThreads(threads)
                .withSeed(11)
                .withAverageDecay(average);
    }

    private static Trainer trainer(TtmModel model, TrainingPlan plan) {
        return new Trainer(model, TrainerTest::fill, 1, plan);
    }

    private static double[] losses(Trainer trainer, int count) throws InterruptedException {
        double[] losses = new double[count];
        for (int i = 0; i < count; i++) losses[i] = trainer.step();
        return losses;
    }

    private static void assertSame(TtmModel expected, TtmModel actual) {
        expected.parameters().forEach((name, parameter) -> {
            Parameter other = actual.parameters().get(name);
            assertArrayEquals(parameter.value(), other.value(), name);
            assertEquals(parameter.count(), other.count(), name);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theSameSeedGivesTheSameBits(int threads) throws InterruptedException {
        try (Trainer one = trainer(model(), plan(2, threads, 0.9));
                Trainer two = trainer(model(), plan(2, threads, 0.9))) {
            assertArrayEquals(losses(one, STEPS), losses(two, STEPS));
            assertSame(one.result(), two.result());
            assertTrue(one.finished());
        }
    }

    @Test
    void threadsChangeTheLastBitsAtMost() throws InterruptedException {
        try (Trainer one = trainer(model(), plan(2, 1, 0)); Trainer two = trainer(model(), plan(2, 2, 0))) {
            assertArrayEquals(losses(one, STEPS), losses(two, STEPS), 1e-4);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0, false", "2, 0.9, false", "1, 0.9, true"})
    void aResumedRunIsTheUninterruptedOne(int threads, double average, boolean batchNorm) throws Exception {
        TrainingPlan plan = plan(batchNorm ? 8 : 2, threads, average);
        TtmModel whole = batchNorm ? batchNormModel() : model();
        Path state = folder.resolve("state.safetensors");
        try (Trainer uninterrupted = trainer(whole, plan);
                Trainer before = trainer(batchNorm ? batchNormModel() : model(), plan);
                // Other weights, all of which the state replaces.
                Trainer after = trainer(new TtmModel(whole.config()).initialize(99), plan)) {
            double[] expected = losses(uninterrupted, STEPS);
            losses(before, 2);
            before.save(state);
            after.resume(state);
            assertEquals(2, after.steps());
            assertFalse(after.finished());
            double[] rest = losses(after, STEPS - 2);
            for (int i = 0; i < rest.length; i++) assertEquals(expected[i + 2], rest[i], "step " + (i + 2));
            assertEquals(uninterrupted.takeMeanLoss(), after.takeMeanLoss());
            assertSame(uninterrupted.result(), after.result());
            assertEquals(batchNorm, after.result().parameters().values().stream().anyMatch(p -> p.count() == STEPS));
        }
    }

    @Test
    void aStateOfAnotherRunIsRefused() throws Exception {
        Path state = folder.resolve("state.safetensors");
        TrainingPlan plan = plan(2, 1, 0);
        try (Trainer trainer = trainer(model(), plan)) {
            trainer.save(state);
            refused(state, batchNormModel(), plan(8, 1, 0),
                    "model.norm_mlp is \"LayerNorm\" in the state, \"BatchNorm\" in this run; plan.micro_batch is 2");
            refused(state, model(), plan(2, 1, 0.9), "plan.average_decay is 0.0 in the state, 0.9 in this run");
            refused(state, model(), plan.withSeed(12), "run: plan.seed is 11 in the state, 12 in this run");
            refused(state, model(), plan.withBatch(4, 2), "plan.batch is 8 in the state, 4 in this run");
            refused(state, model(), plan.withWeightDecay(0), "plan.weight_decay is 0.01 in the state, 0.0 in this run");
            refused(state, model(), plan.withMaxGradientNorm(2), "plan.max_gradient_norm is 1.0 in the state, 2.0");
            refused(state, model(), plan.withSchedule(plan.schedule(), STEPS - 1), "plan.steps is 6 in the state, 5");
            refused(state, model(), plan.withSchedule(step -> 1, STEPS), "plan.learning_rate at 0/4 is ");
            Files.writeString(state, "no state");
            assertThrows(CheckpointException.class, () -> trainer.resume(state));
        }
    }

    private static void refused(Path state, TtmModel model, TrainingPlan plan, String expected) {
        float[] before = weight(model).clone();
        try (Trainer trainer = trainer(model, plan)) {
            String message = assertThrows(CheckpointException.class, () -> trainer.resume(state)).getMessage();
            assertTrue(message.startsWith(state + ": ") && message.contains(expected), message);
            assertEquals(0, trainer.steps());
            assertArrayEquals(before, weight(model));
        }
    }

    @ParameterizedTest
    @CsvSource({"step, 99999999999999, 0 to 6", "step, 7, 0 to 6", "step, -1, 0 to 6", "step, x, 0 to 6",
            "step, , 0 to 6", "threads, 0, 1 to 1024", "threads, 2147483647, 1 to 1024"})
    void aStateOfAnImpossibleStepIsRefused(String key, String value, String range) throws Exception {
        Path state = rewritten(metadata -> metadata.put(key, value == null ? "" : value));
        refused(state, model(), plan(2, 1, 0), "metadata key " + key + " is " + (value == null ? "" : value)
                + "; expected a whole number from " + range);
    }

    /** Otherwise the next row of the log would hold it as the mean loss. */
    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "x"})
    void aStateWithALossThatIsNoNumberIsRefused(String sum) throws Exception {
        Path state = rewritten(metadata -> metadata.put("loss_sum", sum));
        refused(state, model(), plan(2, 1, 0), "metadata key loss_sum is " + sum + "; expected a finite number");
    }

    /** Otherwise the next step would blame the learning rate. */
    @Test
    void aStateWithADamagedNumberIsRefused() throws Exception {
        Path state = folder.resolve("state");
        try (Trainer trainer = trainer(model(), plan(2, 1, 0))) {
            trainer.save(state);
        }
        Safetensors saved = Safetensors.read(state);
        String name = saved.tensors().keySet().stream().filter(key -> key.startsWith("v.")).findFirst().orElseThrow();
        saved.tensors().get(name).floats()[1] = Float.NaN;
        Safetensors.write(state, saved.tensors(), saved.metadata());
        refused(state, model(), plan(2, 1, 0), "tensor " + name + " is NaN at index 1");
    }

    @Test
    void aStateOfAnOlderBuildIsTaken() throws Exception {
        Path state = rewritten(metadata -> metadata.keySet().retainAll(Set.of("step")));
        try (Trainer trainer = trainer(model(), plan(2, 2, 0))) {
            trainer.resume(state);
            assertEquals(1, trainer.steps());
        }
        Path without = rewritten(Map::clear);
        refused(without, model(), plan(2, 1, 0), "metadata key step is null");
    }

    /** The state of a run after a step, with other metadata. */
    private Path rewritten(Consumer<Map<String, String>> change) throws Exception {
        Path state = folder.resolve("state.safetensors");
        try (Trainer trainer = trainer(model(), plan(2, 1, 0))) {
            trainer.step();
            trainer.save(state);
        }
        Safetensors saved = Safetensors.read(state);
        Map<String, String> metadata = new HashMap<>(saved.metadata());
        change.accept(metadata);
        Safetensors.write(state, saved.tensors(), metadata);
        return state;
    }

    /** A machine with other processors would change the last bits; the state keeps the number of threads. */
    @Test
    void aRunGoesOnWithTheThreadsThatItBeganWith() throws Exception {
        Path state = folder.resolve("state.safetensors");
        TtmModel whole = model();
        try (Trainer uninterrupted = trainer(whole, plan(2, 3, 0.9));
                Trainer before = trainer(model(), plan(2, 3, 0.9));
                Trainer after = trainer(model(), plan(2, 1, 0.9))) {
            losses(uninterrupted, STEPS);
            losses(before, 2);
            before.save(state);
            after.resume(state);
            assertEquals(3, after.threads());
            losses(after, STEPS - 2);
            assertSame(uninterrupted.result(), after.result());
        }
    }

    @ParameterizedTest
    @CsvSource({"2147483647, 1, batch 2147483647: expected 1 to 65536",
            "8, 2147483647, threads 2147483647: expected 1 to 1024"})
    void sizesThatExhaustTheMemoryAreRefused(int batch, int threads, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> TrainingPlan.defaults().withThreads(threads).withBatch(batch, 1)).getMessage());
    }

    @Test
    void aDivergingLossThrowsAndLeavesTheWeights() throws InterruptedException {
        TtmModel model = model();
        TtmModel untouched = model();
        WindowSource wild = (window, index) -> {
            fill(window, index);
            if (index == 9) window.target()[0] = Float.POSITIVE_INFINITY;
        };
        try (Trainer trainer = new Trainer(model, wild, 1, plan(2, 1, 0));
                Trainer tame = trainer(untouched, plan(2, 1, 0))) {
            trainer.step();
            tame.step();
            String message = assertThrows(ArithmeticException.class, trainer::step).getMessage();
            assertTrue(message.startsWith("training diverged at step 1: loss "), message);
            assertEquals(1, trainer.steps());
            assertSame(untouched, model);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aStepThatFailedOrWasInterruptedIsTakenAgain(int threads) throws InterruptedException {
        TtmModel model = model();
        TtmModel disturbed = model();
        Thread caller = Thread.currentThread();
        Set<Long> trouble = new HashSet<>(List.of(13L, 22L));
        WindowSource source = (window, index) -> {
            boolean now;
            synchronized (trouble) {
                now = trouble.remove(index);
            }
            if (now && index == 13) throw new IllegalStateException("unreadable");
            if (now) caller.interrupt();
            while (now && !Thread.currentThread().isInterrupted()) Thread.onSpinWait(); // the caller cancels this task
            fill(window, index);
        };
        try (Trainer trainer = new Trainer(disturbed, source, 1, plan(2, threads, 0));
                Trainer undisturbed = trainer(model, plan(2, threads, 0))) {
            losses(undisturbed, STEPS);
            losses(trainer, 1);
            assertThrows(IllegalStateException.class, trainer::step);
            losses(trainer, 1);
            assertThrows(InterruptedException.class, trainer::step);
            losses(trainer, STEPS - 2);
            assertEquals(threads, trainer.threads());
            assertSame(model, disturbed);
        }
    }

    @Test
    void aClosedTrainerSaysSo() {
        Trainer trainer = trainer(model(), plan(2, 1, 0));
        trainer.close();
        assertEquals("this trainer is closed", assertThrows(IllegalStateException.class, trainer::step).getMessage());
    }

    @Test
    void theAverageFollowsTheWeights() throws InterruptedException {
        TtmModel model = model();
        float[] expected = weight(model).clone();
        try (Trainer trainer = trainer(model, plan(2, 1, 0.25))) {
            for (int step = 1; step <= STEPS; step++) {
                trainer.step();
                // Early on less: 2/11 and 3/12 before 0.25 holds.
                double decay = Math.min(0.25, (1.0 + step) / (10 + step));
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = (float) (decay * expected[i] + (1 - decay) * weight(model)[i]);
                }
                assertArrayEquals(expected, weight(trainer.result()), 1e-6f, "step " + step);
            }
        }
    }

    private static float[] weight(TtmModel model) {
        return model.parameters().get("head.base_forecast_block.weight").value();
    }

    @Test
    void cutBatchesAreRefusedWhereTheModelNormalisesOverThem() {
        refused("BatchNorm looks at the whole batch: the micro-batch 2 must be the batch 8",
                small().set(Key.NORM_MLP, TtmConfig.Norm.BATCH).build(), 1);
    }

    private static void refused(String message, TtmConfig config, int channels) {
        assertEquals(message,
                assertThrows(IllegalArgumentException.class,
                        () -> new Trainer(new TtmModel(config), TrainerTest::fill, channels, plan(2, 1, 0)))
                        .getMessage());
    }
}
