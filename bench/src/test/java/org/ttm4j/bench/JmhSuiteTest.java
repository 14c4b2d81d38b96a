package org.ttm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.options.TimeValue;

class JmhSuiteTest {
    @Test
    void everyBenchmarkRuns() throws Exception {
        ByteArrayOutputStream progress = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(progress, true, StandardCharsets.UTF_8);
        Collection<JmhSuite.Score> scores = new JmhSuite(out)
                .run(options -> options.param("product", "FEATURES_D48_FC1", "PATCHES_D48_FC1")
                        .param("series", "1")
                        .param("layer", "32x48")
                        // Not the training step: one call takes seconds before it is compiled.
                        .param("task", "forecast 7", "predict 7", "load", "fma")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(1)));
        String report = progress.toString(StandardCharsets.UTF_8);
        Set<String> names = new TreeSet<>();
        Set<String> kernels = new TreeSet<>();
        for (JmhSuite.Score score : scores) {
            Map<String, String> named = new TreeMap<>(score.parameters());
            named.keySet().removeAll(Set.of("product", "series", "layer"));
            names.add(score.benchmark() + named.values());
            kernels.add(score.kernels());
            assertTrue(score.nanos() > 0, score::toString);
        }
        assertEquals(3 + 16 + 9 + 4, names.size(), report);
        assertEquals(Set.of("scalar", "vector"), kernels);
        String results = new ResultsFile(Machine.here(Path.of("")), ResultsFileTest.outcome(), scores).text();
        assertTrue(results.contains("patches d48 fc1"), results);
    }
}
