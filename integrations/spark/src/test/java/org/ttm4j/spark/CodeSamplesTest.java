package org.ttm4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.ttm.fixtures.CodeSample;

/** The Java in docs/spark.md compiles. */
class CodeSamplesTest {
    private static final List<String> PACKAGES = List.of("org.apache.spark.sql", "org.ttm4j.spark",
            "org.ttm4j.ttm.train");

    static List<CodeSample> samples() throws IOException {
        return CodeSample.of(Path.of("../../docs/spark.md"));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aSampleCompiles(CodeSample sample) throws IOException {
        assertEquals(List.of(), sample.errors(PACKAGES, "Dataset<Row> readings;"));
    }
}
