package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.fixtures.Recordings;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.model.TtmModel;

class InfoAndVerifyTest {
    @TempDir
    Path folder;

    @Test
    void infoSaysWhatACheckpointIs() throws IOException {
        Path model = Samples.model(folder);
        CliRun run = CliRun.in(folder, "info", "model");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains(Checkpoint.sha256(model)), run.out());
        assertTrue(run.out().contains("48 steps in 6 patches of 8"), run.out());
        assertTrue(run.out().contains("12 steps"), run.out());
        assertTrue(run.out().contains("kernels"), run.out());
    }

    @Test
    void infoListsTheBundledModels() throws IOException {
        CliRun run = CliRun.in(folder, "info");
        assertEquals(0, run.code(), run.err());
        for (int i = 0; i < BundledModels.names().size(); i++) {
            String name = BundledModels.names().get(i);
            Checkpoint checkpoint = BundledModels.checkpoint(name);
            String row = run.lines().get(1 + i);
            assertTrue(row.startsWith(name + " ") && row.endsWith("MB  " + BundledModels.sha256(name)), row);
            CliRun one = CliRun.in(folder, "info", name);
            assertTrue(one.out().contains(BundledModels.sha256(name)), one.out());
            assertTrue(one.out().contains(checkpoint.config().contextLength() + " steps in "), one.out());
            assertEquals(one.out(), CliRun.in(folder, "info", "--model", name).out());
        }
        assertTrue(run.out().contains("kernels"), run.out());
        assertEquals(run.out(), CliRun.in(folder, "info", "bundled").out());
        assertEquals(2, CliRun.in(folder, "info", "512-96", "--model", "512-96").code());
    }

    @Test
    void infoCountsTheParametersOfAPublishedShape() throws IOException {
        new TtmModel(Samples.published(512, 64).build()).save(folder.resolve("published"), DType.F16);
        CliRun run = CliRun.in(folder, "info", "published");
        assertTrue(run.out().contains("805,280 (289,696 trainable with the backbone frozen)"), run.out());
    }

    @Test
    void infoRefusesWhatIsNoCheckpoint() {
        CliRun run = CliRun.in(folder, "info", "nothing");
        assertEquals(1, run.code());
        assertTrue(run.err().contains("config.json"), run.err());
    }

    @Test
    void verifyContinuesAfterAnUnreadableCase() {
        Path recording = Recordings.small("tiny-common");
        CliRun run = CliRun.in(folder, "verify", "nothing", recording.toString());
        assertEquals(1, run.code());
        assertEquals(3, run.lines().size());
        assertTrue(run.lines().get(0).startsWith("nothing      UNREADABLE"), run.out());
        assertTrue(run.lines().get(1).startsWith("tiny-common  ok"), run.out());
        assertTrue(run.lines().get(1).contains("prediction_outputs "), run.out());
        assertTrue(run.lines().get(2).startsWith("1 of 2 cases within tolerance"), run.out());
    }

    @Test
    void verifyFindsADeviation() throws IOException {
        Path recording = Recordings.small("tiny-huber");
        Path copy = Files.createDirectory(folder.resolve("copy"));
        for (String name : new String[]{"config.json", "model.safetensors", "tensors.safetensors"}) {
            Files.copy(recording.resolve(name), copy.resolve(name));
        }
        assertEquals(0, CliRun.in(folder, "verify", folder.toString()).code(), "a folder of cases");
        Path config = copy.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"huber_delta\"", "\"other\""));
        CliRun run = CliRun.in(folder, "verify", "copy");
        assertEquals(1, run.code());
        assertTrue(run.lines().get(0).startsWith("copy  DEVIATES"), run.out());
    }
}
