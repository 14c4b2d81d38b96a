package org.ttm4j.eval.pretraining;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.data.series.DataException;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.io.CheckpointException;

/** A Java program pre-trains a tiny model without the command line. */
@Tag("training")
class PretrainingRunTest {
    @TempDir
    Path folder;

    private PretrainingRun run() throws Exception {
        return run("out", "8", "");
    }

    private PretrainingRun run(String out, String decoderWidth, String more) throws Exception {
        String json = "{'model': {'context_length': 32, 'prediction_length': 8, 'patch_length': 8, 'patch_stride': 8, "
                + "'d_model': 8, 'num_layers': 1, 'decoder_num_layers': 1, 'decoder_d_model': " + decoderWidth
                + (more.isEmpty() ? "" : ", 'multi_quantile_head': true, 'loss': 'pinball'")
                + "}, 'batch': 8, 'micro_batch': 4, " + "'threads': 2, 'validate_every': 1"
                + (more.contains("steps") ? "" : ", 'steps': 3") + more + "}";
        Path file = Files.writeString(folder.resolve(out + ".json"), json.replace('\'', '"'));
        return new PretrainingRun(file, PretrainOverrides.NONE, folder.resolve(out));
    }

    @Test
    void aRunLogsEveryValidationAndMakesAModel() throws Exception {
        List<Long> steps = new ArrayList<>();
        PretrainingRun run = run();
        assertEquals(3, run.run(log -> steps.add(log.rows().get(log.rows().size() - 1).step())));
        assertEquals(List.of(1L, 2L, 3L), steps);
        assertEquals(8, Forecaster.load(run.model()).fast().forecast(new float[][]{{1, 2, 3, 4}}).horizon());
    }

    /** With every kind of synthetic series and the stable schedule, a run that was stopped ends with the same weights. */
    @Test
    void aStoppedRunEndsWithTheSameWeights() throws Exception {
        String more = ", 'steps': 6, 'schedule': 'warmup_stable_decay', 'warm_up': 2, 'decay': 2, 'synthetic_kinds': "
                + "{'composed': 0.2, 'gaussian_process': 0.2, 'structural': 0.2, 'intermittent': 0.2, 'business': 0.2}";
        PretrainingRun whole = run("whole", "8", more);
        whole.run(log -> {});
        PretrainingRun stopped = run("stopped", "8", more);
        assertThrows(IllegalStateException.class, () -> stopped.run(log -> {
            if (log.rows().size() == 3) throw new IllegalStateException("stopped");
        }));
        List<Long> resumed = new ArrayList<>();
        PretrainingRun again = run("stopped", "8", more);
        again.run(new PretrainingRun.Listener() {
            @Override
            public void resumed(long step, int threads) {
                resumed.add(step);
            }

            @Override
            public void logged(TrainingLog log) {}
        });
        assertEquals(List.of(2L), resumed);
        assertArrayEquals(Files.readAllBytes(whole.model().resolve("model.safetensors")),
                Files.readAllBytes(again.model().resolve("model.safetensors")));
    }

    @Test
    void aBrokenLogIsNamedWithItsLine() throws Exception {
        PretrainingRun run = run();
        Files.write(folder.resolve("out/log.csv"), List.of("step", "1,8,no"));
        String message = assertThrows(DataException.class, () -> run.run(log -> {})).getMessage();
        assertTrue(message.contains("log.csv, line 2: expected the columns step,"), message);
    }

    @Test
    void aModelOfPointsIsTrainedOnToOneOfQuantiles() throws Exception {
        run().run(log -> {});
        PretrainingRun quantiles = run("quantiles", "8", ", 'initial': 'out/model'");
        quantiles.run(log -> {});
        Forecast forecast = Forecaster.load(quantiles.model()).fast().forecast(new float[][]{{1, 2, 3, 4}});
        assertEquals(9, forecast.quantiles().orElseThrow().levels().length);
        PretrainingRun other = run("other", "16", ", 'initial': 'out/model'");
        String message = assertThrows(CheckpointException.class, () -> other.run(log -> {})).getMessage();
        assertTrue(message.contains("decoder.adapter.weight"), message);
    }
}
