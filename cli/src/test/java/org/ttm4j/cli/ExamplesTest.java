package org.ttm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The programs in examples compile without warnings and print what they should: each runs from its source, as for a reader. */
class ExamplesTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Map<String, String> PRINTED = Map.of("FiveLines", "96 steps, the first 8[1-5]\\.[0-9]",
            "CsvWithQuantiles", "2025-05-02 23:00  [0-9.]+  [0-9.]+  [0-9.]+", "LiveAnomalies",
            "hour 580: [0-9.]+, expected .*", "FineTuneAndSave", "the best of 2 epochs: .*", "OwnGradient",
            "y = 2\\.00 x \\+ 1\\.00");

    @TempDir
    Path folder;

    static List<String> names() {
        return List.copyOf(new TreeSet<>(PRINTED.keySet()));
    }

    @Test
    void everyExampleIsRun() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("examples"))) {
            List<String> sources = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.replace(".java", ""))
                    .filter(name -> !SingleFileTest.NAMES.contains(name))
                    .sorted()
                    .collect(Collectors.toList());
            assertEquals(names(), sources);
        }
    }

    @Tag("process")
    @ParameterizedTest
    @MethodSource("names")
    void anExamplePrintsWhatItShould(String name) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        // Only training takes so long that the second compiler pays.
        int compiler = name.equals("FineTuneAndSave") ? 4 : 1;
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=" + compiler, "-XX:+UseSerialGC", "-Dttm4j.kernels=scalar", "-cp",
                System.getProperty("java.class.path"), ROOT.resolve("examples/" + name + ".java").toString(),
                ROOT.resolve("data/samples/hourly-load.csv").toString()).directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int code = process.waitFor();
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        assertEquals(0, code, lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.matches(PRINTED.get(name))), lines.toString());
    }
}
