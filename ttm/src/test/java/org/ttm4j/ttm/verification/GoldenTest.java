package org.ttm4j.ttm.verification;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every recording of the reference model: outputs, hidden states, loss, gradients, twenty training steps. */
class GoldenTest {

    @TestFactory
    Stream<DynamicTest> recordings() throws IOException {
        Path golden = Path.of(System.getProperty("ttm4j.shared", "../../shared")).resolve("golden");
        assumeTrue(Files.isDirectory(golden), "skipped: no recordings at " + golden);
        List<Path> cases;
        try (Stream<Path> folders = Files.list(golden)) {
            cases = folders.filter(Files::isDirectory).sorted().toList();
        }
        assertTrue(cases.size() >= 23, "recordings missing in " + golden);
        return cases.stream()
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> verify(folder)));
    }

    private static void verify(Path folder) throws IOException {
        assertAll(Recording.verify(folder)
                .stream()
                .map(d -> () -> assertTrue(d.within(), d.what() + " deviates by " + d.ofTolerance() + " tolerances")));
    }
}
