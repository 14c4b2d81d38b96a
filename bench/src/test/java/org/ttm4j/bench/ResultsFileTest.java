package org.ttm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ttm4j.bench.Report.MarkdownTable;

class ResultsFileTest {
    @Test
    void holdsRatiosAndBothTables() {
        String text = text(0.1, "the table\n").replaceAll(" +", " ");
        assertTrue(text.contains("```\nthe table\n```\n"), text);
        assertTrue(text.contains("| batch 64 × 7, 1 thread | series/s | 9000 | 3000 | 3.00 | ≥ 1.8 |"), text);
        assertTrue(text.contains("forecasts one series in 0.250 ms"), text);
        assertFalse(text.contains("busy"), text);
    }

    @Test
    void saysWhenTheMachineWasBusy() {
        assertTrue(text(2, "").contains("**The machine was busy"));
    }

    @Test
    void namesNoPathOfTheMachine() throws Exception {
        Machine here = Machine.here(Path.of("").toAbsolutePath());
        String text = Main.results(here, outcome(), "", "");
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

    static String text(double load, String table) {
        Machine machine = new Machine("a processor", 2, "a JDK", "-Xmx1g", "why", "abc", "2026-11-25T00:00:00Z", load);
        return Main.results(machine, outcome(), table, table);
    }

    private static Comparison.Outcome outcome() {
        Map<Measure, Measure.Result> ratios = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) ratios.put(measure, new Measure.Result(0, Double.NaN));
        ratios.put(Measure.THROUGHPUT_64X7, new Measure.Result(9000, 3000.0));
        return new Comparison.Outcome(ratios, 0.25, Set.of());
    }
}
