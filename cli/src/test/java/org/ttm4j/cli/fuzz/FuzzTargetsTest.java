package org.ttm4j.cli.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The targets of {@code bin/torture fuzz} on stored inputs, whole and damaged in thousands of ways that a seed decides. */
class FuzzTargetsTest {
    private static final int DAMAGED = 300;

    static Collection<String> names() {
        return FuzzTargets.all().keySet();
    }

    private static List<byte[]> stored(String name) throws IOException {
        Path folder = name.equals("csv")
                ? Path.of("../data/src/test/resources/dialects")
                : Path.of("src/test/resources/fuzz", name);
        try (Stream<Path> files = Files.list(folder)) {
            List<byte[]> contents = new java.util.ArrayList<>();
            for (Path file : files.sorted().toList()) contents.add(Files.readAllBytes(file));
            return contents;
        }
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
