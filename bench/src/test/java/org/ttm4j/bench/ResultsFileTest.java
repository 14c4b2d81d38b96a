package org.ttm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.ttm4j.engine.KernelSelection;

class ResultsFileTest {
    private static final String KERNELS = KernelSelection.active().name();

    @Test
    void holdsRatiosProductsAndKernels() {
        Map<String, String> gate = Map.of("product", "FEATURES_D48_GATE", "pass", "forward", "series", "32");
        Map<String, String> norm = new TreeMap<>(Map.of("kernel", "layerNorm", "layer", "32x48"));
        // Half the peak: as many operations in twice the time.
        double nanos = 2.0 * 32 * Product.FEATURES_D48_GATE.flops();
        List<JmhSuite.Score> scores = List.of(
                new JmhSuite.Score("Model", Map.of("task", "fma"), KERNELS, FmaPeak.flops()),
                new JmhSuite.Score("Product", gate, KERNELS, nanos), new JmhSuite.Score("Layer", norm, "vector", 2000),
                new JmhSuite.Score("Layer", norm, "scalar", 5000));
        String text = new ResultsFile(machine(0.1), outcome(), scores).text().replaceAll(" +", " ");
        assertTrue(text.contains("| features d48 gate | 32 × 48 × 48 | – | 0.500 (50 %) | – | – |"), text);
        assertTrue(text.contains("| Layer | kernel layerNorm, layer 32x48 | 2.00 | 5.00 | 2.50 |"), text);
        assertTrue(text.contains("| batch 64 × 7, 1 thread | series/s | 9000 | 3000 | 3.00 | ≥ 1.8 |"), text);
        assertTrue(text.contains("forecasts one series in 0.250 ms"), text);
        assertFalse(text.contains("busy"), text);
    }

    @Test
    void saysWhenTheMachineWasBusy() {
        assertTrue(new ResultsFile(machine(2), outcome(), List.of()).text().contains("**The machine was busy"));
    }

    @Test
    void namesNoPathOfTheMachine() throws Exception {
        Machine here = Machine.here(Path.of("").toAbsolutePath());
        String text = new ResultsFile(here, outcome(), List.of()).text();
        assertFalse(text.contains(System.getProperty("user.dir")), text);
        assertFalse(text.contains("-Dttm4j.shared"), text);
    }

    @Test
    void tablesAlign() {
        assertEquals("""
                | a   |    b |
                |-----|-----:|
                | one |    2 |
                | x   | 1000 |
                """, new MarkdownTable("a", "b").row("one", "2").row("x", "1000").toString());
    }

    private static Machine machine(double load) {
        return new Machine("a processor", 2, "a JDK", "-Xmx1g", "why", "abc", "2026-11-25T00:00:00Z", load);
    }

    static Comparison.Outcome outcome() {
        Map<Measure, Measure.Result> ratios = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) ratios.put(measure, new Measure.Result(0, null));
        ratios.put(Measure.THROUGHPUT_64X7, new Measure.Result(9000, 3000.0));
        return new Comparison.Outcome(ratios, 0.25, Set.of());
    }
}
