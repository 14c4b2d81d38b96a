package org.ttm4j.forecast.interval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.SafeTensor;
import org.ttm4j.ttm.io.Safetensors;

class IntervalsFileTest {
    private static final double[][] FORECAST = {{1, 2, 3}, {4, 5, 6}};
    private static final float[] SCALES = {1.5f, 0.25f};

    @TempDir
    Path folder;

    /** Intervals look no further than at the digest of the weights. */
    @BeforeEach
    void writeModel() throws IOException {
        Files.writeString(folder.resolve("model.safetensors"), "the weights of some model");
    }

    private Optional<ConformalIntervals> read() throws CheckpointException {
        return ConformalIntervals.read(folder);
    }

    /** Intervals that have seen more than they remember, with misses and gaps. */
    private static ConformalIntervals used() {
        ConformalIntervals intervals = new ConformalIntervals(new double[]{0.1, 0.5, 0.9}, 2, 3,
                new ConformalOptions(30, 25, 0, 0.02));
        Random random = new Random(4);
        for (int i = 0; i < 50; i++) {
            double[][] truth = new double[2][3];
            for (double[] channel : truth) {
                for (int h = 0; h < 3; h++)
                    channel[h] = i % 7 == 3 ? Double.NaN : (float) (3 + 2 * random.nextGaussian());
            }
            truth[1][2] = i % 3 == 0 ? Double.NaN : truth[1][2];
            intervals.settle(intervals.issue(FORECAST, SCALES), truth);
        }
        return intervals;
    }

    @Test
    void whatIsReadGoesOnBitForBit() throws IOException {
        ConformalIntervals written = used();
        assertTrue(read().isEmpty());
        written.write(folder);
        ConformalIntervals read = read().orElseThrow();
        assertEquals(written.options(), read.options());
        assertArrayEquals(written.levels(), read.levels());
        for (int i = 0; i < 40; i++) {
            IssuedForecast a = written.issue(FORECAST, SCALES);
            IssuedForecast b = read.issue(FORECAST, SCALES);
            assertArrayEquals(a.quantiles().values(), b.quantiles().values(), "after " + i);
            assertEquals(a.quantiles().windows(), b.quantiles().windows());
            double[][] truth = {{i % 5, 2, Double.NaN}, {4, i % 11, 5}};
            written.settle(a, truth);
            read.settle(b, truth);
        }
        try (var files = Files.list(folder)) {
            assertEquals(List.of("intervals.safetensors", "model.safetensors"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        refused("format is null; expected ttm4j intervals 2; delete the file to forecast without quantiles, or calibrate",
                (tensors, metadata) -> metadata.remove("format"));
        refused("expected scores, corrections", (tensors, metadata) -> tensors.remove("corrections"));
        refused("expected scores, corrections", (tensors, metadata) -> tensors.put("more", floats(1)));
        refused("tensor scores has the shape", (tensors, metadata) -> tensors.put("scores", floats(6)));
        refused("tensor scores has the shape", (tensors, metadata) -> tensors.put("scores", floats(2, 3, 0)));
        refused("tensor corrections has the shape", (tensors, metadata) -> tensors.put("corrections", floats(3, 2, 4)));
        refused("tensor scale_counts is of type F32", (tensors, metadata) -> tensors.put("scale_counts", floats(2)));
        refused("metadata model is null; expected ", (tensors, metadata) -> metadata.remove("model"));
        refused("metadata levels is x", (tensors, metadata) -> metadata.put("levels", "0.1,x,0.9"));
        refused("strictly ascending", (tensors, metadata) -> metadata.put("levels", "0.9,0.5,0.1"));
        refused("expected at most 1000", (tensors, metadata) -> metadata.put("levels", ",".repeat(5000)));
        refused("metadata half_life is ", (tensors, metadata) -> metadata.remove("half_life"));
        refused("windows 0", (tensors, metadata) -> metadata.put("windows", "0"));
        refused("tensor scores is", (tensors, metadata) -> metadata.put("windows", "20"));
        refused("halfLife NaN", (tensors, metadata) -> metadata.put("half_life", "NaN"));
        refused("tensor scores is Infinity at index 0",
                (tensors, metadata) -> tensors.get("scores").floats()[0] = Float.POSITIVE_INFINITY);
        refused("at index 1", (tensors, metadata) -> tensors.get("scores").floats()[0] = Float.NaN);
        refused("tensor corrections is 1.0 at index 4",
                (tensors, metadata) -> tensors.get("corrections").floats()[4] = 1);
        refused("scale 1 has the mean NaN", (tensors, metadata) -> tensors.get("scale_means").floats()[1] = Float.NaN);
        refused("of a channel of mean scale Infinity; expected a product that is finite",
                (tensors, metadata) -> tensors.get("scale_means").floats()[1] = Float.POSITIVE_INFINITY);
        refused("tensor scores is 3.0E38 at index 0, of a channel of mean scale ",
                (tensors, metadata) -> tensors.get("scores").floats()[0] = 3e38f);
        refused("scale 0 has the mean", (tensors, metadata) -> tensors.get("scale_counts").integers()[0] = -1);
        Path file = folder.resolve(ConformalIntervals.FILE);
        Files.write(file, new byte[]{1, 2, 3});
        assertThrows(CheckpointException.class, () -> read());
    }

    @Test
    void thoseOfAnotherModelAreRefused() throws IOException {
        used().write(folder);
        Path weights = folder.resolve("model.safetensors");
        Files.writeString(weights, "the weights of another model");
        String message = assertThrows(CheckpointException.class, () -> read()).getMessage();
        assertTrue(
                message.matches("(?s).*intervals\\.safetensors: metadata model is [0-9a-f]{64}; "
                        + "expected [0-9a-f]{64}, .* of another model; delete the file .*, or calibrate again"),
                message);
        Files.delete(weights);
        message = assertThrows(CheckpointException.class, () -> used().write(folder)).getMessage();
        assertEquals(weights + ": no such file", message);
    }

    private void refused(String message, BiConsumer<Map<String, SafeTensor>, Map<String, String>> damage)
            throws IOException {
        Path file = folder.resolve(ConformalIntervals.FILE);
        used().write(folder);
        Safetensors good = Safetensors.read(file);
        Map<String, SafeTensor> tensors = new HashMap<>(good.tensors());
        Map<String, String> metadata = new HashMap<>(good.metadata());
        damage.accept(tensors, metadata);
        Safetensors.write(file, tensors, metadata);
        Exception refused = assertThrows(CheckpointException.class, () -> read(), message);
        assertTrue(refused.getMessage().startsWith(file + ": "), refused.getMessage());
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    private static SafeTensor floats(int... shape) {
        return SafeTensor.of(new float[Shape.of(shape).size()], shape);
    }
}
