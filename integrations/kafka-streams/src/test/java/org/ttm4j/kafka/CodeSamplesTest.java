package org.ttm4j.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.ttm.fixtures.CodeSample;

/** The Java in docs/streams.md compiles. */
class CodeSamplesTest {
    private static final List<String> PACKAGES = List.of("java.time", "org.apache.kafka.common.serialization",
            "org.apache.kafka.streams.kstream", "org.ttm4j.kafka", "org.ttm4j.forecast.live");
    private static final String GIVEN = "record Reading(double value) {} KStream<String, Reading> readings;";

    static List<CodeSample> samples() throws IOException {
        return CodeSample.of(Path.of("../../docs/streams.md"));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aSampleCompiles(CodeSample sample) throws IOException {
        assertEquals(List.of(), sample.errors(PACKAGES, GIVEN));
    }
}
