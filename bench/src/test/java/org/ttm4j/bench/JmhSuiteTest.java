package org.ttm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.options.TimeValue;

class JmhSuiteTest {
    /** The training step is left out: one call takes seconds before it is compiled. */
    private static final Set<String> EXPECTED = Set.of("Activation.gate", "Activation.gateBackward",
            "Activation.gateLeft", "Activation.gateLeftBackward", "Activation.gelu", "Activation.geluWithSlope",
            "Checkpoint.load", "Elementwise.addColumnSums", "Elementwise.addRowSums", "Elementwise.dropout",
            "Elementwise.multiply", "FeatureProduct.forward", "FeatureProductBackward.dw", "FeatureProductBackward.dx",
            "Forecast.forecast", "Forecast.forecastIntoNewArrays", "Forecast.predict", "Forecast.predictOnTwoThreads",
            "GeluProduct.features", "GeluProduct.featuresWithSlope", "GeluProduct.patches",
            "GeluProduct.patchesWithSlope", "Loss.mse", "Loss.pinball", "Norm.layerNorm", "Norm.layerNormBackward",
            "Optimizer.adamW", "PatchProduct.forward", "PatchProductBackward.dw", "PatchProductBackward.dx", "Peak.fma",
            "Quantile.loss", "Quantile.softplus", "Series.halve", "Series.smooth", "Series.strongestFrequencies",
            "Sigmoid.gate", "Sigmoid.gateBackward", "Sigmoid.gatedLinearUnit", "Sigmoid.gatedLinearUnitBackward",
            "Standardize.standardize");

    @Test
    void everyBenchmarkRuns() throws Exception {
        ByteArrayOutputStream progress = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(progress, true, StandardCharsets.UTF_8);
        Collection<JmhSuite.Score> scores = new JmhSuite(out).run(options -> options.exclude("TrainingBenchmark")
                .param("product", "D48_FC1")
                .param("series", "1")
                .param("width", "D48")
                .param("length", "512")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(1)));
        String report = progress.toString(StandardCharsets.UTF_8);
        Set<String> names = new TreeSet<>();
        Set<String> kernels = new TreeSet<>();
        for (JmhSuite.Score score : scores) {
            names.add(score.benchmark());
            kernels.add(score.kernels());
            assertTrue(score.nanos() > 0, score::toString);
        }
        assertEquals(new TreeSet<>(EXPECTED), names, report);
        assertEquals(Set.of("scalar", "vector"), kernels);
        String results = new ResultsFile(Machine.here(Path.of("")), ResultsFileTest.outcome(), scores).text();
        assertTrue(results.contains("feature D48_FC1"), results);
    }
}
