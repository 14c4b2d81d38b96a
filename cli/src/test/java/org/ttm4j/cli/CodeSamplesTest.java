package org.ttm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.ttm.fixtures.CodeSample;

/** The Java in the README and in docs compiles. That of engines which are not here is tested in their modules. */
class CodeSamplesTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern EXPORTS = Pattern.compile("exports ([a-z0-9.]+);");
    private static final List<String> OTHER_PACKAGES = List.of("java.nio.file", "java.sql", "java.time", "java.util",
            "org.ttm4j.ttm.train.Channels");
    private static final List<String> OF_OTHER_MODULES = List.of("spark.md", "streams.md");
    private static final String GIVEN = "float[] load, temperature, temp, tempAhead, holiday; float[][] history, series;";

    static List<CodeSample> samples() throws IOException {
        List<CodeSample> samples = new ArrayList<>(CodeSample.of(ROOT.resolve("README.md")));
        try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
            for (Path page : pages.filter(file -> file.toString().endsWith(".md")).sorted().toList()) {
                if (!OF_OTHER_MODULES.contains(page.getFileName().toString())) samples.addAll(CodeSample.of(page));
            }
        }
        samples.removeIf(sample -> sample.code().contains("@SpringBootApplication"));
        return samples;
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aSampleCompiles(CodeSample sample) throws IOException {
        List<String> packages = new ArrayList<>(OTHER_PACKAGES);
        for (String module : List.of("engine", "autograd", "ttm", "forecast", "data", "eval", "serve",
                "integrations/jdbc")) {
            String descriptor = Files.readString(ROOT.resolve(module).resolve("src/main/java/module-info.java"));
            EXPORTS.matcher(descriptor).results().forEach(exported -> packages.add(exported.group(1)));
        }
        assertEquals(List.of(), sample.errors(packages, GIVEN));
    }
}
