package org.ttm4j.eval.pretraining;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.data.synthetic.SyntheticKind;

class PretrainConfigTest {
    @TempDir
    Path folder;

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("run.json"), json.replace('\'', '"'));
    }

    private PretrainConfig read(String json) throws IOException {
        return PretrainConfig.read(file(json), PretrainOverrides.NONE);
    }

    @Test
    void everyKeyButTheModelHasADefault() throws Exception {
        PretrainConfig config = read("{}");
        assertNull(config.corpus());
        assertEquals(1, config.synthetic());
        assertEquals(2000, config.plan().steps());
        assertEquals(0, config.patience());
        assertArrayEquals(new int[]{2, 3, 4, 5, 6}, config.windows().factors());
    }

    @Test
    void keysAreRead() throws Exception {
        PretrainConfig config = read("""
                {'model': {'context_length': 32}, 'corpus': 'c.bin', 'validation': ['a', 'b'],
                 'kept_aside': ['d'], 'synthetic': 0.5, 'steps': 7, 'batch': 6, 'micro_batch': 3, 'threads': 2,
                 'seed': 9, 'average_decay': 0, 'validate_every': 4, 'patience': 3, 'factors': [4, 2],
                 'schedule': 'cosine', 'warm_up': 2}""");
        assertEquals(32, config.model().contextLength());
        assertEquals(folder.resolve("c.bin").toAbsolutePath(), config.corpus());
        assertEquals(List.of("a", "b"), config.validation());
        assertEquals(List.of("d"), config.keptAside());
        assertEquals(0.5, config.synthetic());
        assertEquals(7, config.plan().steps());
        assertEquals(3, config.plan().microBatch());
        assertEquals(9, config.plan().seed());
        assertEquals(4, config.validateEvery());
        assertEquals(3, config.patience());
        assertArrayEquals(new int[]{2, 4}, config.windows().factors());
    }

    @Test
    void kindsOfSyntheticSeriesAndTheStableScheduleAreRead() throws Exception {
        assertEquals(SyntheticKind.DEFAULT_SHARES, read("{}").syntheticKinds());
        PretrainConfig config = read("""
                {'synthetic_kinds': {'counter': 0.5, 'business': 1}, 'steps': 100, 'learning_rate': 0.003,
                 'schedule': 'warmup_stable_decay', 'warm_up': 10, 'decay': 20}""");
        assertEquals(Map.of(SyntheticKind.COUNTER, 0.5, SyntheticKind.BUSINESS, 1.0), config.syntheticKinds());
        assertEquals(0.0003, config.plan().schedule().learningRate(0), 1e-12);
        assertEquals(0.003, config.plan().schedule().learningRate(79), 1e-12);
    }

    /** Whatever stands in a file, it is read or refused by a message that names the key. */
    @Test
    void noValueOfAKeyIsABug() throws Exception {
        String unknown = assertThrows(IllegalArgumentException.class, () -> read("{'x': 0}")).getMessage();
        String[] keys = unknown.substring(unknown.indexOf("the keys are ") + 13).split(", ");
        for (String key : keys) noValueIsABug("{'" + key + "': %s}", key);
        for (String key : read("{}").model().toJson().keySet()) {
            noValueIsABug("{'model': {'" + key + "': %s}}", key);
        }
    }

    private void noValueIsABug(String json, String key) throws Exception {
        for (String value : List.of("null", "'x'", "''", "[]", "[null]", "[{}]", "{}", "true", "0", "-1", "1", "0.5",
                "2147483647", "9223372036854775807", "1e300", "-1e300", "1e-300")) {
            try {
                read(json.formatted(value));
            } catch (IllegalArgumentException refused) {
                assertFalse(refused.getMessage().endsWith("null: null"), key + " " + value);
                assertTrue(refused.getMessage().startsWith(folder.resolve("run.json") + ": "), refused.getMessage());
            }
        }
    }

    @Test
    void theListOfSetsToKeepAsideIsShipped() throws Exception {
        try (InputStream in = PretrainConfig.class.getResourceAsStream("kept-aside.txt")) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            assertTrue(lines.get(0).startsWith("# "), lines.get(0));
            assertEquals(15, lines.stream().filter(line -> line.matches("[a-z_]+")).count());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "{'bach': 3} | unknown key bach; the keys are average_decay, batch, ",
            "{'zzzzzzzzzz': 3} | unknown key zzzzzzzzzz; the keys are average_decay, batch, ",
            "{'steps': 0} | key steps: expected a whole number from 1 to 2147483647, found 0",
            "{'steps': 2.5} | key steps: expected a whole number from 1 to 2147483647, found 2.5",
            "{'steps': 3000000000} | key steps: expected a whole number from 1 to 2147483647, found 3000000000",
            "{'batch': '3'} | key batch: expected a whole number from 1 to 65536, found '3'",
            "{'batch': 2147483647} | key batch: expected a whole number from 1 to 65536, found 2147483647",
            "{'threads': 2147483647} | key threads: expected a whole number from 1 to 1024, found 2147483647",
            "{'synthetic': 1.5} | key synthetic: expected a number from 0.0 to 1.0, found 1.5",
            "{'learning_rate': -1} | key learning_rate: expected a number from 0.0 to 1.0, found -1",
            "{'max_gradient_norm': 0} | key max_gradient_norm: expected a number from 1.0E-6 to ",
            "{'kept_aside': 'a'} | key kept_aside: expected a list of names, found 'a'",
            "{'validation': 'a'} | key validation: expected a list of names, found 'a'",
            "{'validation': [1]} | key validation: expected a list of names, found [1]",
            "{'factors': [1]} | key factors: expected whole numbers from 2 to 10,000, found [1]",
            "{'model': []} | key model: expected an object, found []",
            "{'corpus': 3} | key corpus: expected a text, found 3",
            "{'schedule': 'step'} | key schedule: expected 'one_cycle', 'cosine' or 'warmup_stable_decay', found 'step'",
            "{'schedule': null} | key schedule: expected 'one_cycle', 'cosine' or 'warmup_stable_decay', found null",
            "{'synthetic_kinds': {'waves': 1}} | key synthetic_kinds: expected an object with shares from 0 to 1, not all 0, "
                    + "of composed, gaussian_process, structural, intermittent, counter, business, found {'waves':1}",
            "{'synthetic_kinds': {'counter': 0}} | key synthetic_kinds: expected an object with shares from 0 to 1, ",
            "{'schedule': 'warmup_stable_decay', 'decay': 2001} | key decay: expected a whole number from 1 to 2000, found",
            "{'model': {'context_length': 4, 'patch_length': 1}} | context 4: expected at least 5",
            "{'batch': 8, 'micro_batch': 3} | batch 8 is not a multiple of the micro-batch 3",
            "{'patience': -1} | key patience: expected a whole number from 0 to 2147483647, found -1",
            "{'validation': ['a']} | key validation: expected no data set without a corpus, found [\"a\"]",
            "{'patience': 2} | key patience: expected 0 without a corpus and data sets for validation, found 2",
            "{'patience': 2, 'corpus': 'c'} | key patience: expected 0 without a corpus and data sets for validation, "
                    + "found 2",
            "{'model': {'mode': 3}} | 'mode' is 3; expected one of 'common_channel', 'mix_channel'"})
    void whatIsWrongIsNamed(String json, String message) throws IOException {
        Path file = file(json);
        String found = assertThrows(IllegalArgumentException.class,
                () -> PretrainConfig.read(file, PretrainOverrides.NONE)).getMessage();
        assertTrue(found.startsWith(file + ": " + message.replace('\'', '"')), found);
    }
}
