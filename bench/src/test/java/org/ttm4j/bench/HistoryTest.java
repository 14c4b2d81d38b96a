package org.ttm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    private static final Machine MACHINE = new Machine("Some, processor", 2, "JDK 25", "", "vector", "0123456789ab",
            "2026-11-26T17:00:00Z", 0.2);

    @TempDir
    Path folder;

    private static Map<Measure, Measure.Result> shares(double share) {
        Map<Measure, Measure.Result> ratios = new EnumMap<>(Measure.class);
        for (Measure measure : History.SHARES) ratios.put(measure, new Measure.Result(100 * share, 100.0));
        return ratios;
    }

    @Test
    void eachMeasurementIsARowAndEachShareALine() throws IOException {
        Path table = folder.resolve("history.csv");
        History history = new History(table);
        history.add(MACHINE, shares(0.5));
        history.add(MACHINE, shares(0.75));
        List<String> lines = Files.readAllLines(table);
        assertEquals(List.of(
                "date,commit,processor,jdk,load,peak_gflops,peak_share_1,peak_share_7,peak_share_batch,train_peak_share",
                "2026-11-26T17:00:00Z,0123456789ab,Some  processor,JDK 25,0.2,100.0,0.5000,0.5000,0.5000,0.5000",
                "2026-11-26T17:00:00Z,0123456789ab,Some  processor,JDK 25,0.2,100.0,0.7500,0.7500,0.7500,0.7500"),
                lines);
        String picture = Files.readString(folder.resolve("history.svg"));
        assertEquals(1 + History.SHARES.size(), picture.split("<path class=\"history\"", -1).length - 1);
        assertTrue(picture.contains(">training step, batch 384, 1 thread: 75 %<"), picture);
    }

    @Test
    void damagedTableIsRefusedByLine() throws IOException {
        Path table = folder.resolve("history.csv");
        Files.writeString(table, "date,commit\n2026,abc\n");
        IOException refused = assertThrows(IOException.class, () -> new History(table).add(MACHINE, shares(0.5)));
        assertEquals(table + ", line 2: expected 10 columns", refused.getMessage());
        assertEquals("date,commit\n2026,abc\n", Files.readString(table));
    }

    @Test
    void everyShareIsMeasured() throws Exception {
        Map<Measure, Measure.Result> shares = new Shares(0).all();
        assertEquals(History.SHARES, List.copyOf(shares.keySet()));
        for (Measure measure : History.SHARES) assertTrue(measure.ratio(shares.get(measure)) > 0, measure::toString);
    }
}
