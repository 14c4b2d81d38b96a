package org.ttm4j.ttm.verification;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.ttm4j.ttm.fixtures.Recordings;

/** Every recording of the reference model: outputs, hidden states, loss, gradients, twenty training steps. */
class GoldenTest {

    @TestFactory
    Stream<DynamicTest> recordings() throws IOException {
        return tests(Recordings.small());
    }

    @TestFactory
    Stream<DynamicTest> recordingsBesideTheRepository() throws IOException {
        return tests(Recordings.large());
    }

    private static Stream<DynamicTest> tests(List<Path> recordings) {
        return recordings.stream()
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> verify(folder)));
    }

    private static void verify(Path folder) throws IOException {
        assertAll(Recording.verify(folder, absent -> {})
                .stream()
                .map(d -> () -> assertTrue(d.within(), d.what() + " deviates by " + d.ofTolerance() + " tolerances")));
    }
}
