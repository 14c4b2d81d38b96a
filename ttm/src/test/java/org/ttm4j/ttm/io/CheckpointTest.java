package org.ttm4j.ttm.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Recordings;

class CheckpointTest {
    private static final TtmConfig CONFIG = TtmConfig.builder().set(Key.D_MODEL, 24).build();

    @TempDir
    Path folder;

    private static Map<String, SafeTensor> tensors(float value) {
        return Map.of("a.weight", SafeTensor.of(new float[]{value, -value}, 1, 2), "a.num_batches_tracked",
                SafeTensor.ofIntegers(DType.I64, Shape.of(), 3));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String error(Path checkpoint) {
        return assertThrows(CheckpointException.class, () -> Checkpoint.read(checkpoint)).getMessage();
    }

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        Path model = folder.resolve("deep/er/model");
        Checkpoint.write(model, CONFIG, tensors(1.5f), Map.of());
        assertEquals(List.of("config.json", "model.safetensors"), names(model));
        assertEquals(List.of("model"), names(model.getParent()));
        Checkpoint checkpoint = Checkpoint.read(model);
        assertEquals(CONFIG, checkpoint.config());
        assertArrayEquals(new float[]{1.5f, -1.5f}, checkpoint.tensors().get("a.weight").floats());
        byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
        assertEquals(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(weights)),
                Checkpoint.sha256(model));

        TtmConfig wider = CONFIG.toBuilder().set(Key.D_MODEL, 32).build();
        Checkpoint.write(model, wider, tensors(2), Map.of());
        assertEquals(List.of("config.json", "model.safetensors"), names(model));
        assertEquals(wider, Checkpoint.read(model).config());
        assertEquals(2f, Checkpoint.read(model).tensors().get("a.weight").floats()[0]);
    }

    @Test
    void aFailedWriteChangesNothing() throws Exception {
        Map<String, SafeTensor> beyond = Map.of("a.weight", SafeTensor.of(DType.F16, Shape.of(1), 1e10f));
        assertThrows(IllegalArgumentException.class,
                () -> Checkpoint.write(folder.resolve("new"), CONFIG, beyond, Map.of()));
        assertEquals(List.of(), names(folder));

        Path model = folder.resolve("model");
        Checkpoint.write(model, CONFIG, tensors(1), Map.of());
        TtmConfig other = CONFIG.toBuilder().set(Key.D_MODEL, 32).build();
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.write(model, other, beyond, Map.of()));
        assertEquals(List.of("config.json", "model.safetensors"), names(model));
        assertEquals(CONFIG, Checkpoint.read(model).config());

        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThrows(IOException.class, () -> Checkpoint.write(file, CONFIG, tensors(1), Map.of()));
        assertEquals(List.of("file", "model"), names(folder));
    }

    @Test
    void errorsNameTheFile() throws Exception {
        Path model = folder.resolve("model");
        assertEquals(model.resolve("config.json") + ": no such file", error(model));
        Checkpoint.write(model, CONFIG, tensors(Float.NaN), Map.of());
        assertEquals(model + "/model.safetensors: tensor a.weight is NaN at index 0; expected a finite number",
                error(model));
        Files.delete(model.resolve("model.safetensors"));
        assertEquals(model.resolve("model.safetensors") + ": no such file", error(model));
        assertEquals(error(model),
                assertThrows(CheckpointException.class, () -> Checkpoint.sha256(model)).getMessage());
        Files.writeString(model.resolve("config.json"), "{\"d_model\": 0}");
        assertTrue(error(model).startsWith(model.resolve("config.json") + ": \"d_model\" is 0"), error(model));
        Files.writeString(model.resolve("config.json"), "{\"d_model\": ");
        assertTrue(error(model).startsWith(model.resolve("config.json") + ": line 1, column 13"), error(model));
        Files.writeString(model.resolve("config.json"), " ".repeat((1 << 20) + 1));
        assertTrue(error(model).contains("longer than"), error(model));
    }

    @Test
    void aResourceIsReadLikeAFolder() throws Exception {
        Checkpoint.write(folder.resolve("models/tiny"), CONFIG, tensors(1), Map.of());
        String missing = assertThrows(CheckpointException.class,
                () -> Checkpoint.readResource(CheckpointTest.class, "/models/tiny")).getMessage();
        assertTrue(missing.startsWith("/models/tiny/config.json: no such resource"), missing);

        String name = CheckpointTest.class.getName().replace('.', '/') + ".class";
        Path copy = folder.resolve(name);
        Files.createDirectories(copy.getParent());
        try (var in = CheckpointTest.class.getResourceAsStream("CheckpointTest.class")) {
            Files.copy(in, copy);
        }
        // The same class again, from a loader that sees the folder: an anchor beside the resources.
        try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()}, null)) {
            Class<?> anchor = loader.loadClass(CheckpointTest.class.getName());
            Checkpoint checkpoint = Checkpoint.readResource(anchor, "/models/tiny");
            assertEquals(CONFIG, checkpoint.config());
            assertEquals(Checkpoint.sha256(folder.resolve("models/tiny")),
                    Checkpoint.sha256OfResource(anchor, "/models/tiny"));
        }
    }

    @Test
    void allDifferencesFromTheModelAreListedAtOnce() throws Exception {
        Checkpoint checkpoint = new Checkpoint("model", CONFIG, new TreeMap<>(tensors(1)));
        Map<String, Shape> expected = new TreeMap<>(
                Map.of("a.weight", Shape.of(1, 2), "a.num_batches_tracked", Shape.of()));
        checkpoint.requireMatch(expected);

        expected.put("a.weight", Shape.of(2, 1));
        expected.put("b.weight", Shape.of(4));
        expected.remove("a.num_batches_tracked");
        String message = assertThrows(CheckpointException.class, () -> checkpoint.requireMatch(expected)).getMessage();
        assertEquals("""
                model/model.safetensors: the tensors are not those of the model in config.json
                  missing (1):
                    b.weight [4]
                  unexpected (1):
                    a.num_batches_tracked []
                  wrong shape or type (1):
                    a.weight F32[1, 2], expected floats [2, 1]""", message);

        for (int i = 0; i < 25; i++) expected.put("c." + i, Shape.of(1));
        String many = assertThrows(CheckpointException.class, () -> checkpoint.requireMatch(expected)).getMessage();
        assertTrue(many.contains("missing (26):") && many.contains("… and 6 more"), many);
    }

    @Test
    void integersAndFloatsAreNotTakenForEachOther() {
        Map<String, SafeTensor> swapped = Map.of("a.weight", SafeTensor.ofIntegers(DType.I64, Shape.of(1, 2), 1, 2),
                "a.num_batches_tracked", SafeTensor.of(new float[]{3}));
        Checkpoint checkpoint = new Checkpoint("model", CONFIG, swapped);
        String message = assertThrows(CheckpointException.class,
                () -> checkpoint.requireMatch(Map.of("a.weight", Shape.of(1, 2), "a.num_batches_tracked", Shape.of())))
                .getMessage();
        assertTrue(message.contains("a.weight I64[1, 2], expected floats [1, 2]"), message);
        assertTrue(message.contains("a.num_batches_tracked F32[], expected integers []"), message);
    }

    /** Every recorded file, rewritten from what was read, is the same file; every recorded model has its weights. */
    @Test
    void recordedCheckpointsAreRewrittenByteForByte() throws Exception {
        Path copy = folder.resolve("copy.safetensors");
        for (Path recorded : Recordings.small()) {
            Checkpoint checkpoint = Checkpoint.read(recorded);
            assertEquals(weights(checkpoint.tensors()), checkpoint.config().parameterCount(), recorded.toString());
            assertEquals(checkpoint.config(), TtmConfig.fromJson(checkpoint.config().toJson()), recorded.toString());
            for (String name : List.of("model", "tensors", "gradients")) {
                Path file = recorded.resolve(name + ".safetensors");
                Safetensors content = Safetensors.read(file);
                Safetensors.write(copy, content.tensors(), content.metadata());
                assertEquals(-1, Files.mismatch(file, copy), file.toString());
            }
            Path again = folder.resolve(recorded.getFileName());
            Checkpoint.write(again, checkpoint.config(), checkpoint.tensors(), Map.of());
            assertEquals(Checkpoint.sha256(recorded), Checkpoint.sha256(again), recorded.toString());
            assertFalse(checkpoint.tensors().isEmpty());
        }
    }

    /** Floats, without the running statistics of batch normalisation. */
    private static long weights(Map<String, SafeTensor> tensors) {
        long count = 0;
        for (Map.Entry<String, SafeTensor> tensor : tensors.entrySet()) {
            boolean statistic = tensor.getKey().contains(".running_") || !tensor.getValue().dtype().isFloat();
            if (!statistic) count += tensor.getValue().shape().size();
        }
        return count;
    }
}
