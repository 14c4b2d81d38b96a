package org.ttm4j.cli.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The targets of {@code bin/torture fuzz} on stored inputs, whole and damaged in thousands of ways that a seed decides. */
class FuzzTargetsTest {
    private static final int DAMAGED = 300;
    private static final Path STORED = Path.of("src/test/resources/fuzz");

    static Collection<String> names() {
        return FuzzTargets.all().keySet();
    }

    private static List<byte[]> stored(String name) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        if (name.equals("csv")) addFiles(Path.of("../data/src/test/resources/dialects"), contents);
        addFiles(STORED.resolve(name), contents);
        return contents;
    }

    private static void addFiles(Path folder, List<byte[]> contents) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) contents.add(Files.readAllBytes(file));
        }
    }

    /** What is packed is found by its content, so that the target reads it without a file's name. */
    @ParameterizedTest
    @ValueSource(strings = {"forecast.xlsx", "load.csv.gz"})
    void packedTablesAreRead(String file) throws IOException {
        FuzzTargets.all().get("csv").read(Files.readAllBytes(STORED.resolve("csv").resolve(file)));
    }

    @ParameterizedTest
    @MethodSource("names")
    void damagedInputIsRefusedInItsOwnWords(String name) throws IOException {
        FuzzTargets.Target target = FuzzTargets.all().get(name);
        List<byte[]> inputs = stored(name);
        assertTrue(!inputs.isEmpty(), name);
        for (byte[] input : inputs) FuzzTargets.run(target, input);
        for (long seed = 0; seed < DAMAGED; seed++) {
            byte[] damaged = damaged(inputs, new SplittableRandom(seed));
            try {
                FuzzTargets.run(target, damaged);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(name + ", seed " + seed, e);
            }
        }
    }

    /** An input with bytes changed, cut out, or repeated. */
    private static byte[] damaged(List<byte[]> inputs, SplittableRandom random) {
        byte[] bytes = inputs.get(random.nextInt(inputs.size())).clone();
        for (int change = random.nextInt(1, 5); change > 0 && bytes.length > 1; change--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(random.nextInt(1, 40), bytes.length - at);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> {
                    System.arraycopy(bytes, at + length, bytes, at, bytes.length - at - length);
                    bytes = Arrays.copyOf(bytes, bytes.length - length);
                }
                default -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
                    System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }
}
