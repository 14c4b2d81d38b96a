package org.ttm4j.ttm.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Recordings;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.io.SafeTensor;
import org.ttm4j.ttm.io.Safetensors;
import org.ttm4j.ttm.model.TtmModel;

/** A recording that was tampered with does not pass. */
class RecordingTest {
    private static final String TENSORS = "tensors.safetensors";
    private static final String GRADIENTS = "gradients.safetensors";

    @TempDir
    Path folder;

    @BeforeEach
    void copyACase() throws IOException {
        copy("tiny-common");
    }

    private void copy(String name) throws IOException {
        try (Stream<Path> files = Files.list(Recordings.small(name))) {
            for (Path file : files.toList()) {
                Files.write(folder.resolve(file.getFileName().toString()), Files.readAllBytes(file));
            }
        }
    }

    private interface Change {
        void apply(Map<String, SafeTensor> tensors);
    }

    private void change(String file, Change change) throws IOException {
        Map<String, SafeTensor> tensors = new LinkedHashMap<>(Safetensors.read(folder.resolve(file)).tensors());
        change.apply(tensors);
        Safetensors.write(folder.resolve(file), tensors, Map.of());
    }

    private List<String> outside() throws IOException {
        return Recording.verify(folder, absent -> {})
                .stream()
                .filter(d -> !d.within())
                .map(Recording.Deviation::what)
                .toList();
    }

    private String refusal() {
        return assertThrows(CheckpointException.class, () -> Recording.verify(folder, absent -> {})).getMessage();
    }

    @ParameterizedTest
    @CsvSource({"prediction_outputs, 2e-3", "backbone_hidden_state, 3", "decoder_hidden_state, 3", "loc, 1e-2",
            "scale, 1e-2", "loss, 1e-2"})
    void oneValueThatIsOffIsOutside(String name, float difference) throws IOException {
        assertEquals(List.of(), outside());
        change(TENSORS, tensors -> {
            float[] values = tensors.get(name).floats();
            // Relative where the tolerance is.
            values[values.length / 2] += difference * Math.max(1, Math.abs(values[values.length / 2]));
        });
        assertTrue(outside().contains(name), outside().toString());
    }

    @Test
    void oneGradientThatIsOffIsOutside() throws IOException {
        change(GRADIENTS, gradients -> {
            float[] values = gradients.get("head.base_forecast_block.bias").floats();
            values[3] += 0.01f * (Math.abs(values[3]) + 1);
        });
        assertEquals(List.of("gradients"), outside());
    }

    @Test
    void aNanIsOutside() throws IOException {
        change(TENSORS, tensors -> tensors.get("prediction_outputs").floats()[0] = Float.NaN);
        assertEquals(List.of("prediction_outputs"), outside());
    }

    private static SafeTensor zeros(int... dims) {
        return SafeTensor.of(new float[Shape.of(dims).size()], dims);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prediction_outputs", "backbone_hidden_state", "decoder_hidden_state", "loc", "scale",
            "loss", "past_values", "future_values"})
    void aWrongShapeIsRefusedByName(String name) throws IOException {
        change(TENSORS, tensors -> {
            float[] values = tensors.get(name).floats();
            tensors.put(name, SafeTensor.of(values, 1, values.length));
        });
        assertTrue(refusal().contains("tensor " + name + " [1, ") && refusal().contains(": expected ["), refusal());
    }

    @Test
    void inputsOfAnotherBatchAreRefused() throws IOException {
        change(TENSORS, tensors -> {
            Shape shape = tensors.get("past_values").shape();
            tensors.put("past_observed_mask", zeros(shape.dim(0) + 1, shape.dim(1), shape.dim(2)));
        });
        assertTrue(refusal().contains("tensor past_observed_mask [5, 96, 3]: expected [4, 96, 3]"), refusal());
    }

    @Test
    void tokensAreIntegersOfTheVocabulary() throws IOException {
        copy("tiny-freq");
        assertEquals(List.of(), outside());
        change(TENSORS, t -> t.put("freq_token", SafeTensor.ofIntegers(DType.I64, Shape.of(4), 0, 1, 1L << 40, 0)));
        assertTrue(refusal().contains("tensor freq_token holds 1099511627776: expected 0 to "), refusal());
        change(TENSORS, t -> t.put("freq_token", zeros(4)));
        assertTrue(refusal().contains("tensor freq_token F32: expected integers"), refusal());
    }

    @Test
    void gradientsAreExactlyThoseOfTheModel() throws IOException {
        change(GRADIENTS, gradients -> gradients.put("head.surplus", zeros(3)));
        assertTrue(refusal().contains("tensor head.surplus is no gradient of a weight that this model trains"),
                refusal());
        change(GRADIENTS, gradients -> {
            gradients.remove("head.surplus");
            gradients.put("head.base_forecast_block.bias", zeros(3));
        });
        assertTrue(refusal().contains("tensor head.base_forecast_block.bias [3]: expected [24]"), refusal());
        change(GRADIENTS, gradients -> gradients.remove("head.base_forecast_block.bias"));
        assertTrue(refusal().contains("no tensor head.base_forecast_block.bias"), refusal());
    }

    @Test
    void aTrainingFileIsBoundedAndTyped() throws IOException {
        Path training = folder.resolve("training.json");
        for (String losses : new String[]{"3", "[" + "1,".repeat(1000) + "1]", "[1, \"2\"]", "[null]"}) {
            Files.writeString(training, "{\"loss_before_each_step\": " + losses + "}");
            assertTrue(refusal().contains("training.json: key loss_before_each_step: "), refusal());
        }
        Files.writeString(training, " ".repeat((1 << 20) + 1));
        assertTrue(refusal().contains("longer than"), refusal());
        Files.writeString(training, "{\"loss_before_each_step\": [80]}");
        assertEquals(List.of("training"), outside());
    }

    /** Zero tensors on both sides agree. */
    @ParameterizedTest
    @ValueSource(strings = {"backbone_hidden_state", "loss"})
    void whatWasNotRecordedIsNamedAndTheRestCompared(String lacking) throws IOException {
        List<String> before = new ArrayList<>();
        int compared = Recording.verify(folder, before::add).size();
        change(TENSORS, tensors -> tensors.remove(lacking));
        List<String> absent = new ArrayList<>();
        assertEquals(compared - 1, Recording.verify(folder, absent::add).size());
        absent.removeAll(before);
        assertEquals(List.of(lacking), absent);
        change(TENSORS, tensors -> tensors.remove("prediction_outputs"));
        assertTrue(refusal().contains("no tensor prediction_outputs"), refusal());
    }

    @Test
    void nothingDeviatesFromNothing() throws IOException {
        change("model.safetensors", tensors -> tensors.forEach((name, tensor) -> {
            if (!name.startsWith("head.")) Arrays.fill(tensor.floats(), 0);
        }));
        change(TENSORS, tensors -> {
            Arrays.fill(tensors.get("backbone_hidden_state").floats(), 0);
            Arrays.fill(tensors.get("decoder_hidden_state").floats(), 0);
        });
        Files.delete(folder.resolve(GRADIENTS));
        Files.delete(folder.resolve("training.json"));
        assertFalse(outside().contains("backbone_hidden_state"), outside().toString());
        assertFalse(outside().contains("decoder_hidden_state"), outside().toString());
    }

    /** Masked prediction without channel mixing in the head holds zeros where no future was recorded. */
    @Test
    void aMaskedModelNeedsNoRecordedFuture() throws IOException {
        TtmConfig config = TtmConfig.builder()
                .set(Key.NUM_INPUT_CHANNELS, 2)
                .set(Key.DECODER_MODE, TtmConfig.Mode.MIX_CHANNEL)
                .set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(1))
                .set(Key.ARCHITECTURES, TtmConfig.Architecture.MASKED)
                .build();
        Path masked = folder.resolve("masked");
        new TtmModel(config).initialize(1).save(masked, DType.F32);
        Map<String, SafeTensor> tensors = new LinkedHashMap<>();
        tensors.put("past_values", zeros(1, config.contextLength(), 2));
        tensors.put("prediction_outputs", zeros(1, config.predictionLength(), 1));
        tensors.put("backbone_hidden_state", zeros(1, 2, config.numPatches(), config.dModel()));
        tensors.put("decoder_hidden_state", zeros(1, 2, config.numPatches(), 8));
        Safetensors.write(masked.resolve(TENSORS), tensors, Map.of());
        List<Recording.Deviation> without = Recording.verify(masked, absent -> {});
        tensors.put("future_values", zeros(1, config.predictionLength(), 2));
        Safetensors.write(masked.resolve(TENSORS), tensors, Map.of());
        assertEquals(Recording.verify(masked, absent -> {}), without);
        tensors.put("loss", zeros(1));
        tensors.remove("future_values");
        Safetensors.write(masked.resolve(TENSORS), tensors, Map.of());
        assertTrue(assertThrows(CheckpointException.class, () -> Recording.verify(masked, absent -> {})).getMessage()
                .contains("no tensor future_values"));
    }
}
