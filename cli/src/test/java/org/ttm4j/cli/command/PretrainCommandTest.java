package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.data.corpus.CorpusBuilder;
import org.ttm4j.eval.pretraining.PretrainConfig;
import org.ttm4j.eval.pretraining.PretrainWindows;
import org.ttm4j.eval.validation.Validation;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.fixtures.CorpusSamples;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.Trainer;

/** Whole runs of a tiny model. */
class PretrainCommandTest {
    private static final String MODEL = "{'model': {'context_length': 32, 'prediction_length': 8, 'patch_length': 8, "
            + "'patch_stride': 8, 'd_model': 8, 'num_layers': 1, 'decoder_num_layers': 1, 'decoder_d_model': 8}, "
            + "'batch': 8, 'micro_batch': 4, 'threads': 2, 'validate_every': 1, ";

    @TempDir
    Path folder;

    private CliRun run(String json, String out) throws IOException {
        Files.writeString(folder.resolve("run.json"), json.replace('\'', '"'));
        return CliRun.in(folder, "pretrain", "run.json", "--out", out);
    }

    private List<String> log(String out) throws IOException {
        return Files.readAllLines(folder.resolve(out).resolve("log.csv"));
    }

    private byte[] weights(String out, String model) throws IOException {
        return Files.readAllBytes(folder.resolve(out).resolve(model).resolve("model.safetensors"));
    }

    @Test
    void aRunOnSyntheticSeriesMakesAModel() throws IOException {
        CliRun run = run(MODEL + "'steps': 3}", "out");
        assertEquals(Command.OK, run.code(), run.err());
        assertEquals(4, log("out").size());
        assertTrue(log("out").get(3).startsWith("3,24,"), log("out").get(3));
        assertTrue(Files.readString(folder.resolve("out/loss.svg")).startsWith("<svg"));
        assertFalse(Files.exists(folder.resolve("out/best")));
        Forecaster forecaster = Forecaster.load(folder.resolve("out/model"));
        assertEquals(8, forecaster.forecast(new float[][]{{1, 2, 3, 4, 3, 2, 1, 2}}).horizon());
        // A finished run stays as it is.
        byte[] weights = weights("out", "model");
        List<String> log = log("out");
        assertEquals(Command.OK, run(MODEL + "'steps': 3}", "out").code());
        assertArrayEquals(weights, weights("out", "model"));
        assertEquals(log, log("out"));
    }

    @Test
    void anInterruptedRunEndsLikeAnUninterruptedOne() throws Exception {
        String json = MODEL + "'steps': 4}";
        assertEquals(Command.OK, run(json, "whole").code());
        Path out = Files.createDirectories(folder.resolve("stopped"));
        PretrainConfig config = PretrainConfig.read(folder.resolve("run.json"));
        TtmModel model = new TtmModel(config.model()).initialize(config.seed());
        try (Trainer trainer = new Trainer(model, new PretrainWindows(config, null), 1, config.plan())) {
            trainer.step();
            trainer.step();
            trainer.save(out.resolve("state.safetensors"));
        }
        // A row beyond the state is of a step that is taken again.
        List<String> whole = log("whole");
        Files.write(out.resolve("log.csv"), List.of(whole.get(0), whole.get(1), whole.get(2), "3,24,9.0,1e-3,5,,"));
        CliRun run = run(json, "stopped");
        assertEquals(Command.OK, run.code(), run.err());
        assertArrayEquals(weights("whole", "model"), weights("stopped", "model"));
        assertEquals(5, log("stopped").size());
        for (int row = 1; row < 5; row++) assertEquals(measured(whole.get(row)), measured(log("stopped").get(row)));
    }

    /** A row's step, windows, loss and learning rate: all but the speed. */
    private static List<String> measured(String row) {
        return List.of(row.split(",", -1)).subList(0, 4);
    }

    @Test
    void aRunMayStartFromACheckpoint() throws IOException {
        assertEquals(Command.OK, run(MODEL + "'steps': 2}", "first").code());
        // A learning rate of zero keeps the weights that the run starts from.
        String next = MODEL + "'steps': 2, 'learning_rate': 0, 'average_decay': 0, 'initial': 'first/model'}";
        CliRun run = run(next, "next");
        assertEquals(Command.OK, run.code(), run.err());
        assertArrayEquals(weights("first", "model"), weights("next", "model"));
        CliRun other = run(next.replace("'decoder_d_model': 8", "'decoder_d_model': 4"), "other");
        assertEquals(Command.FAILED, other.code());
        assertTrue(other.err().contains("decoder.adapter.weight"), other.err());
    }

    @Test
    void trainingEndsWhenValidationStopsImproving() throws IOException {
        CorpusBuilder.build(CorpusSamples.manifest(folder), folder.resolve("corpus.bin"), 1, progress -> {});
        // Without learning every validation is the same.
        String json = MODEL + "'steps': 9, 'learning_rate': 0, 'average_decay': 0, 'corpus': 'corpus.bin', "
                + "'validation': ['sea'], 'patience': 2}";
        CliRun run = run(json, "out");
        assertEquals(Command.OK, run.code(), run.err());
        assertEquals(4, log("out").size(), "the best and two no better");
        assertTrue(run.err().contains("no better validation ratio: stopped at step 3"), run.err());
        assertArrayEquals(weights("out", "best"), weights("out", "model"));
        // Patience is kept across runs.
        assertEquals(Command.OK, run(json, "out").code());
        assertEquals(4, log("out").size());
    }

    @Test
    void theLogHasTheErrorsOfTheModel() throws IOException, InterruptedException {
        CorpusBuilder.build(CorpusSamples.manifest(folder), folder.resolve("corpus.bin"), 1, progress -> {});
        String prefixed = MODEL.replace("'d_model'",
                "'resolution_prefix_tuning': true, 'frequency_token_vocab_size': 10, 'd_model'");
        String json = prefixed + "'steps': 2, 'corpus': 'corpus.bin', 'validation': ['sea', 'town']}";
        assertEquals(Command.OK, run(json, "out").code());
        String[] last = log("out").get(2).split(",");
        Validation validation = new Validation(Corpus.open(folder.resolve("corpus.bin")), List.of("sea", "town"), 32,
                32, 8);
        Validation.Score score = validation.score(Forecaster.load(folder.resolve("out/model")), 1);
        assertEquals(score.mse(), Double.parseDouble(last[5]), 1e-5);
        assertEquals(score.ratio(), Double.parseDouble(last[6]), 1e-5);
    }

    @Test
    void aFolderHoldsARunOfOneConfiguration() throws IOException {
        assertEquals(Command.OK, run(MODEL + "'steps': 1}", "out").code());
        CliRun other = run(MODEL + "'steps': 2}", "out");
        assertEquals(Command.FAILED, other.code());
        assertTrue(other.err().contains("this folder holds a run of another configuration"), other.err());
    }

    @Test
    void aRunThatFailsBeforeItsFirstStepLocksNothing() throws IOException {
        CorpusBuilder.build(CorpusSamples.manifest(folder), folder.resolve("corpus.bin"), 1, progress -> {});
        String json = MODEL + "'steps': 1, 'corpus': 'corpus.bin', 'validation': ['sea']}";
        CliRun run = run(json.replace("'context_length': 32", "'context_length': 4096"), "out");
        assertEquals(Command.FAILED, run.code());
        assertTrue(run.err().contains("validation: no window of 4104 in sea"), run.err());
        assertFalse(Files.exists(folder.resolve("out/training.json")));
        Files.createFile(folder.resolve("out/training.json"));
        run = run(json, "out");
        assertEquals(Command.OK, run.code(), run.err());
        assertEquals(-1, Files.mismatch(folder.resolve("run.json"), folder.resolve("out/training.json")));
    }

    @Test
    void aRunOfAnotherSeedIsNotResumed() throws IOException {
        assertEquals(Command.OK, run(MODEL + "'steps': 1}", "out").code());
        Files.delete(folder.resolve("out/training.json"));
        CliRun other = run(MODEL + "'steps': 1, 'seed': 2}", "out");
        assertEquals(Command.FAILED, other.code());
        assertTrue(other.err().contains("plan.seed is 1 in the state, 2 in this run"), other.err());
        assertFalse(Files.exists(folder.resolve("out/training.json")));
    }

    @Test
    void aConfigurationThatCannotBeTrainedSaysWhy() throws IOException {
        CliRun run = run("{'steps': 1, 'batch': 8, 'micro_batch': 4, 'model': {'norm_mlp': 'BatchNorm'}}", "out");
        assertEquals(Command.FAILED, run.code());
        assertTrue(run.err().contains("run.json: BatchNorm looks at the whole batch"), run.err());
    }
}
