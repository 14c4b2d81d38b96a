package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.cli.CliRun;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.data.corpus.CorpusBuilder;
import org.ttm4j.eval.pretraining.PretrainConfig;
import org.ttm4j.eval.pretraining.PretrainOverrides;
import org.ttm4j.eval.pretraining.PretrainWindows;
import org.ttm4j.eval.validation.Validation;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.ttm.config.GateConfig;
import org.ttm4j.ttm.fixtures.CorpusSamples;
import org.ttm4j.ttm.io.FolderLock;
import org.ttm4j.ttm.io.Safetensors;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.Trainer;

/** Whole runs of a tiny model. */
@Tag("training")
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

    /** Another run of the same file, with values that take the place of its own. */
    private CliRun set(String out, String... settings) {
        List<String> words = new ArrayList<>(List.of("pretrain", "run.json", "--out", out));
        for (String setting : settings) words.addAll(List.of("--set", setting));
        return CliRun.in(folder, words.toArray(String[]::new));
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
        ModelForecaster forecaster = Forecaster.load(folder.resolve("out/model")).fast();
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
        PretrainConfig config = PretrainConfig.read(folder.resolve("run.json"), PretrainOverrides.NONE);
        TtmModel model = new TtmModel(config.model()).initialize(config.plan().seed());
        try (Trainer trainer = new Trainer(model, new PretrainWindows(config, null, ""), 1, config.plan())) {
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
        Corpus corpus = Corpus.open(folder.resolve("corpus.bin"));
        List<Validation> sets = Stream.of("sea", "town").map(name -> new Validation(corpus, name, 32, 32, 8)).toList();
        Validation.Score score = Validation.score(sets, Forecaster.load(folder.resolve("out/model")).fast(), 1);
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
    void valuesThatAreSetTakeThePlaceOfTheFiles() throws IOException {
        assertEquals(Command.OK, run(MODEL + "'steps': 1}", "file").code());
        CliRun set = set("set", "steps=2", "model.gate_mode=sigmoid", "seed=5", "factors=[2,3]");
        assertEquals(Command.OK, set.code(), set.err());
        assertEquals(3, log("set").size());
        // What ran is what a file with these values says: the kept copy is such a file.
        PretrainConfig config = PretrainConfig.read(folder.resolve("set/training.json"), PretrainOverrides.NONE);
        assertEquals(5, config.plan().seed());
        assertEquals(GateConfig.Mode.SIGMOID, config.model().gate().mode());
        assertArrayEquals(new int[]{2, 3}, config.windows().factors());
        String edited = MODEL.replace("'d_model'", "'gate_mode': 'sigmoid', 'd_model'")
                + "'steps': 2, 'seed': 5, 'factors': [2, 3]}";
        assertEquals(Command.OK, run(edited, "edited").code());
        assertArrayEquals(weights("edited", "model"), weights("set", "model"));
    }

    @Test
    void aRunIsContinuedWithTheValuesThatItBeganWith() throws IOException {
        assertEquals(Command.OK, run(MODEL + "'steps': 1}", "file").code());
        assertEquals(Command.OK, set("out", "seed=5", "model.dropout=0").code());
        byte[] weights = weights("out", "model");
        byte[] kept = Files.readAllBytes(folder.resolve("out/training.json"));
        CliRun again = set("out", "model.dropout=0", "seed=5");
        assertEquals(Command.OK, again.code(), again.err());
        assertTrue(again.err().contains("resumed at step 1"), again.err());
        CliRun copy = CliRun.in(folder, "pretrain", "out/training.json", "--out", "out");
        assertEquals(Command.OK, copy.code(), copy.err());
        CliRun other = set("out", "seed=6", "model.dropout=0.1");
        assertEquals(Command.FAILED, other.code());
        assertTrue(other.err()
                .contains("out/training.json: this folder holds a run of another configuration "
                        + "(different values: model.dropout, seed)"),
                other.err());
        CliRun none = set("out");
        assertEquals(Command.FAILED, none.code());
        assertTrue(none.err().contains("(different values: model.dropout, seed)"), none.err());
        assertArrayEquals(weights, weights("out", "model"));
        assertArrayEquals(kept, Files.readAllBytes(folder.resolve("out/training.json")));
    }

    @Test
    void aPathThatIsSetIsRelativeToTheWorkingDirectory() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        CorpusBuilder.build(CorpusSamples.manifest(folder), folder.resolve("data/corpus.bin"), 1, progress -> {});
        Files.createDirectories(folder.resolve("configurations"));
        Files.writeString(folder.resolve("configurations/run.json"),
                (MODEL + "'steps': 1, 'corpus': 'absent.bin'}").replace('\'', '"'));
        CliRun run = CliRun.in(folder, "pretrain", "configurations/run.json", "--set=corpus=data/corpus.bin", "--out",
                "out");
        assertEquals(Command.OK, run.code(), run.err());
        assertEquals(folder.resolve("data/corpus.bin").toAbsolutePath(),
                PretrainConfig.read(folder.resolve("out/training.json"), PretrainOverrides.NONE).corpus());
    }

    @Test
    void whatIsSetWronglyIsNamed() throws IOException {
        Files.writeString(folder.resolve("run.json"), (MODEL + "'steps': 1}").replace('\'', '"'));
        CliRun unknown = set("out", "bach=3");
        assertEquals(Command.USAGE, unknown.code());
        assertTrue(
                unknown.err().startsWith("ttm pretrain: --set: unknown key bach; the keys are average_decay, batch, "),
                unknown.err());
        CliRun value = set("out", "seed=2", "steps=0");
        assertEquals(Command.FAILED, value.code());
        assertTrue(value.err()
                .contains("run.json with --set seed=2 --set steps=0: key steps: expected a whole number "
                        + "from 1 to 2147483647, found 0"),
                value.err());
        CliRun model = set("out", "model.gate_mode=softmx");
        assertEquals(Command.FAILED, model.code());
        assertTrue(model.err()
                .contains("run.json with --set model.gate_mode=softmx: \"gate_mode\" is \"softmx\"; "
                        + "expected one of \"softmax\", "),
                model.err());
        CliRun late = set("out", "model.norm_mlp=BatchNorm");
        assertTrue(late.err().contains("run.json with --set model.norm_mlp=BatchNorm: BatchNorm looks at"), late.err());
        assertFalse(Files.exists(folder.resolve("out/log.csv")));
    }

    @Test
    void aRunThatFailsBeforeItsFirstStepLocksNothing() throws IOException {
        CorpusBuilder.build(CorpusSamples.manifest(folder), folder.resolve("corpus.bin"), 1, progress -> {});
        String json = MODEL + "'steps': 1, 'corpus': 'corpus.bin', 'validation': ['sea']}";
        CliRun run = run(json.replace("'context_length': 32", "'context_length': 4096"), "out");
        assertEquals(Command.FAILED, run.code());
        assertTrue(run.err().contains("validation: no window of 4104 in sea"), run.err());
        CliRun misspelt = run(json.replace("['sea']", "['see']"), "out");
        assertTrue(misspelt.err().contains("validation: the corpus has no data set see"), misspelt.err());
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
    void aRunContinuesOnTheCorpusThatItBeganWith() throws IOException {
        Path corpus = folder.resolve("corpus.bin");
        CorpusBuilder.build(CorpusSamples.manifest(folder), corpus, 1, progress -> {});
        String json = MODEL + "'steps': 1, 'corpus': 'corpus.bin'}";
        assertEquals(Command.OK, run(json, "out").code());
        byte[] bytes = Files.readAllBytes(corpus);
        bytes[bytes.length - 1] ^= 1;
        Files.write(corpus, bytes);
        CliRun other = run(json, "out");
        assertEquals(Command.FAILED, other.code());
        assertTrue(other.err()
                .contains("state.safetensors: this is the training state of another run: data is corpus "
                        + "of SHA-256 "),
                other.err());
        // Earlier versions did not record the corpus.
        Path state = folder.resolve("out/state.safetensors");
        Safetensors saved = Safetensors.read(state);
        Map<String, String> metadata = new TreeMap<>(saved.metadata());
        metadata.remove(Trainer.DATA);
        Safetensors.write(state, saved.tensors(), metadata);
        CliRun earlier = run(json, "out");
        assertEquals(Command.OK, earlier.code(), earlier.err());
        assertTrue(earlier.err().contains("note: "), earlier.err());
        assertTrue(earlier.err().contains("state.safetensors is of an earlier version"), earlier.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"\"\" | the loss is ",
            ", 'corpus': 'corpus.bin', 'validation': ['sea'] | the validation error is "})
    void aRunThatDivergedMakesNoModel(String more, String why) throws IOException {
        CorpusBuilder.build(CorpusSamples.manifest(folder), folder.resolve("corpus.bin"), 1, progress -> {});
        CliRun run = run(MODEL + "'steps': 12, 'learning_rate': 1, 'average_decay': 0, 'synthetic': 1" + more + "}",
                "out");
        assertEquals(Command.FAILED, run.code(), run.err());
        assertTrue(run.err().contains("run.json: training diverged: " + why), run.err());
        assertTrue(run.err().matches("(?s).* is [\\d,]+ times that of .*"), run.err());
        assertFalse(Files.exists(folder.resolve("out/model")));
    }

    @Test
    @SuppressWarnings("try") // the lock is held, not used
    void twoRunsDoNotWriteOneFolder() throws IOException {
        try (FolderLock other = FolderLock.of(folder.resolve("out"))) {
            CliRun run = run(MODEL + "'steps': 1}", "out");
            assertEquals(Command.FAILED, run.code());
            assertTrue(run.err().contains("out: another training writes this folder"), run.err());
        }
    }

    @Test
    void aConfigurationThatCannotBeTrainedSaysWhy() throws IOException {
        CliRun run = run("{'steps': 1, 'batch': 8, 'micro_batch': 4, 'model': {'norm_mlp': 'BatchNorm'}}", "out");
        assertEquals(Command.FAILED, run.code());
        assertTrue(run.err().contains("run.json: BatchNorm looks at the whole batch"), run.err());
    }
}
