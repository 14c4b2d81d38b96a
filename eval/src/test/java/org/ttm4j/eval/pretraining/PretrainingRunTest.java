package org.ttm4j.eval.pretraining;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.data.series.DataException;
import org.ttm4j.ttm.Forecaster;

/** A Java program pre-trains a tiny model without the command line. */
class PretrainingRunTest {
    @TempDir
    Path folder;

    private PretrainingRun run() throws Exception {
        String json = "{'model': {'context_length': 32, 'prediction_length': 8, 'patch_length': 8, 'patch_stride': 8, "
                + "'d_model': 8, 'num_layers': 1, 'decoder_num_layers': 1, 'decoder_d_model': 8}, 'batch': 8, "
                + "'micro_batch': 4, 'threads': 2, 'validate_every': 1, 'steps': 3}";
        Path file = Files.writeString(folder.resolve("run.json"), json.replace('\'', '"'));
        return new PretrainingRun(file, folder.resolve("out"));
    }

    @Test
    void aRunLogsEveryValidationAndMakesAModel() throws Exception {
        List<Long> steps = new ArrayList<>();
        PretrainingRun run = run();
        assertEquals(3, run.run(log -> steps.add(log.rows().get(log.rows().size() - 1).step())));
        assertEquals(List.of(1L, 2L, 3L), steps);
        assertEquals(8, Forecaster.load(run.model()).forecast(new float[][]{{1, 2, 3, 4}}).horizon());
    }

    @Test
    void aBrokenLogIsNamedWithItsLine() throws Exception {
        PretrainingRun run = run();
        Files.write(folder.resolve("out/log.csv"), List.of("step", "1,8,no"));
        String message = assertThrows(DataException.class, () -> run.run(log -> {})).getMessage();
        assertTrue(message.contains("log.csv, line 2: expected the columns step,"), message);
    }
}
