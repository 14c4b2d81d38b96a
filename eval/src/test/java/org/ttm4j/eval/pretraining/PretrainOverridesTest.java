package org.ttm4j.eval.pretraining;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.ttm.io.Json;

class PretrainOverridesTest {
    private static final Path FOLDER = Path.of("here").toAbsolutePath();

    @TempDir
    Path folder;

    private static String applied(String file, String... settings) throws Exception {
        Map<String, Object> json = Json.parseObject(file.replace('\'', '"').getBytes(), "file");
        PretrainOverrides overrides = PretrainOverrides.parse(List.of(settings), FOLDER);
        return Json.compact(overrides.applyTo(json)).replace('"', '\'');
    }

    @Test
    void valuesAreJsonOrTexts() throws Exception {
        assertEquals("{'steps':7,'seed':2}", applied("{'steps': 7}", "seed=2"));
        assertEquals("{'seed':2,'steps':1}", applied("{'seed': 1, 'steps': 1}", "seed=2"));
        assertEquals("{'learning_rate':0.001}", applied("{}", "learning_rate=1e-3"));
        assertEquals("{'factors':[2,3]}", applied("{}", "factors=[2, 3]"));
        assertEquals("{'schedule':'cosine'}", applied("{}", "schedule=cosine"));
        assertEquals("{'schedule':'cosine'}", applied("{}", "schedule=\"cosine\""));
        assertEquals("{'stage':null}", applied("{'stage': 'quantiles'}", "stage=null"));
        assertEquals("{'validation':['a=b']}", applied("{}", "validation=[\"a=b\"]"));
        assertEquals("{'steps':'1_000'}", applied("{}", "steps=1_000"), "refused as a text where a number is expected");
    }

    @Test
    void keysOfTheModelHaveItsNameInFront() throws Exception {
        assertEquals("{'model':{'dropout':0.1,'gate_mode':'glu'},'seed':1}",
                applied("{'model': {'dropout': 0.1}, 'seed': 1}", "model.gate_mode=glu"));
        assertEquals("{'model':{'mq_step_widths':true}}", applied("{}", "model.mq_step_widths=true"));
        // In whatever order they are given, keys of the model change the model that is given.
        assertEquals("{'model':{'d_model':8,'dropout':0}}",
                applied("{'model': {'mode': 'x'}}", "model.dropout=0", "model={\"d_model\": 8}"));
        assertEquals("{'model':[]}", applied("{'model': []}", "model.dropout=0"), "refused when it is checked");
    }

    @Test
    void pathsAreRelativeToTheFolder() throws Exception {
        String absolute = FOLDER.resolve("c.bin").toString();
        assertEquals("{'corpus':'" + absolute + "'}", applied("{'corpus': 'd.bin'}", "corpus=c.bin"));
        assertEquals("{'corpus':'" + absolute + "'}", applied("{}", "corpus=\"c.bin\""));
        assertEquals("{'initial':'" + absolute + "'}", applied("{}", "initial=" + absolute));
        assertEquals("{'corpus':null}", applied("{'corpus': 'd.bin'}", "corpus=null"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"steps | --set: expected KEY=VALUE, found 'steps'",
            "=3 | --set: expected KEY=VALUE, found '=3'", "steps= | --set steps: expected a value, found none",
            "bach=3 | --set: unknown key bach; the keys are average_decay, batch, ",
            "gate_mode=glu | --set: unknown key gate_mode; the keys are average_decay, batch, ",
            "model.gate_mod=glu | --set: unknown key model.gate_mod; the keys of model are adaptive_patching_levels, ",
            "steps.x=1 | --set: unknown key steps.x; the keys are average_decay, ",
            "factors=[2,3 | --set factors: line 1, column 5: ", "model={d_model:3} | --set model: line 1, column 2: "})
    void whatIsWrongIsNamed(String setting, String message) {
        String found = assertThrows(IllegalArgumentException.class,
                () -> PretrainOverrides.parse(List.of(setting), FOLDER)).getMessage();
        assertTrue(found.startsWith(message), found);
    }

    @Test
    void aKeyIsSetOnce() {
        String found = assertThrows(IllegalArgumentException.class,
                () -> PretrainOverrides.parse(List.of("seed=1", "steps=3", "seed=2"), FOLDER)).getMessage();
        assertEquals("--set seed: expected it once, found it twice", found);
    }

    @Test
    void theConfigurationIsCheckedWithTheValues() throws Exception {
        Path file = Files.writeString(folder.resolve("run.json"), "{\"steps\": 0}");
        PretrainOverrides seven = PretrainOverrides.parse(List.of("steps=7"), folder);
        assertEquals(7, PretrainConfig.read(file, seven).plan().steps());
        PretrainOverrides batch = PretrainOverrides.parse(List.of("batch=7"), folder);
        String found = assertThrows(IllegalArgumentException.class, () -> PretrainConfig.read(file, batch))
                .getMessage();
        assertTrue(found.startsWith(file + " with --set batch=7: key steps: expected a whole number "), found);
    }
}
