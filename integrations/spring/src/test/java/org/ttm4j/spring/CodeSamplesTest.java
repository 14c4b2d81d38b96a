package org.ttm4j.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.ttm.fixtures.CodeSample;

/** The Java of Spring in docs/java.md compiles. */
class CodeSamplesTest {
    private static final List<String> PACKAGES = List.of("org.springframework.beans.factory.annotation",
            "org.springframework.boot.autoconfigure", "org.springframework.web.bind.annotation", "java.util.stream",
            "org.ttm4j.forecast");

    static List<CodeSample> samples() throws IOException {
        return CodeSample.of(Path.of("../../docs/java.md"))
                .stream()
                .filter(sample -> sample.code().contains("@SpringBootApplication"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aSampleCompiles(CodeSample sample) throws IOException {
        assertEquals(List.of(), sample.errors(PACKAGES, ""));
    }
}
