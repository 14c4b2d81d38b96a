package org.ttm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.options.TimeValue;

class MainTest {
    @Test
    void everyBenchmarkRuns() throws Exception {
        ByteArrayOutputStream progress = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(progress, true, StandardCharsets.UTF_8);
        String table = Main.jmh("auto",
                options -> options.param("product", "features 32x48x96", "patches 64x32x48")
                        .param("series", "1")
                        .param("layer", "32x48")
                        // Not the training step: one call takes seconds before it is compiled.
                        .param("task", "forecast 7", "predict 7", "load", "fma")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(1)),
                out);
        Map<String, Long> rows = table.lines()
                .skip(1)
                .collect(Collectors.groupingBy(line -> line.replaceAll("\\..*", ""), Collectors.counting()));
        assertEquals(Map.of("LayerBenchmark", 11L, "ModelBenchmark", 4L, "ProductBenchmark", 6L), rows,
                progress.toString(StandardCharsets.UTF_8));
        assertTrue(ResultsFileTest.text(0.1, table).contains("patches 64x32x48"), table);
    }
}
