package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;

class ForecastHierarchyTest {
    @TempDir
    Path folder;

    private CliRun forecast(String... more) {
        return CliRun.in(folder,
                Stream.concat(Stream.of("forecast", "sales.csv", "--horizon", "5", "--plot", "none"), Stream.of(more))
                        .toArray(String[]::new));
    }

    /** Two items of store A, one of B that begins later and one whose rows end 30 days before. */
    private void write() throws IOException {
        StringBuilder rows = new StringBuilder("date,store,item,sold\n");
        SplittableRandom random = new SplittableRandom(2);
        for (int t = 0; t < 120; t++) {
            for (String series : List.of("A,1", "\"A\",\"x,y\"", "B,1", "B,2")) {
                if (series.equals("B,1") && t < 20 || series.equals("B,2") && t >= 90) continue;
                rows.append(LocalDate.of(2024, 1, 1).plusDays(t)).append(',').append(series).append(',');
                rows.append(20 + t % 7 + 2 * random.nextGaussian()).append('\n');
            }
        }
        Files.writeString(folder.resolve("sales.csv"), rows);
    }

    @Test
    void severalColumnsOfIdsAreAnsweredAsSuch() throws IOException {
        write();
        CliRun run = forecast("--id", "store,item", "--quantiles", "none", "--samples", "p.csv");
        assertEquals(Command.OK, run.code(), run.err());
        assertEquals("date,store,item,sold", run.lines().get(0));
        assertEquals(1 + 4 * 5, run.lines().size());
        assertTrue(run.lines().get(6).startsWith("2024-04-30,A,\"x,y\","), run.lines().get(6));
        assertEquals("store,item,sample,date,sold", Files.readAllLines(folder.resolve("p.csv")).get(0));
        Path whole = folder.resolve("sales.csv");
        Files.writeString(whole, Files.readString(whole).replaceAll("\\.\\d+\n", "\n"));
        assertTrue(forecast("--id", "store,item").err().contains("--integer rounds"));
        assertFalse(forecast("--hierarchy", "store,item").err().contains("--integer"), "which a hierarchy refuses");
        CliRun wrong = forecast("--id", "store,shop");
        assertTrue(wrong.err().contains("'shop': no such column"), wrong.err());
        assertEquals(Command.FAILED, wrong.code());
        assertTrue(forecast("--id", "store,store").err().contains("names a column of ids twice"));
    }

    @Test
    void aHierarchyThatLacksAColumnSaysHowToNameIt() throws IOException {
        StringBuilder rows = new StringBuilder("date,store,item,sold\n");
        for (int t = 0; t < 120; t++) {
            String day = LocalDate.of(2024, 1, 1).plusDays(t / 4).toString();
            rows.append(day)
                    .append(t % 4 < 2 ? ",A,I" : ",B,I")
                    .append(t % 2)
                    .append(',')
                    .append(t * 7 % 10)
                    .append('\n');
        }
        Files.writeString(folder.resolve("sales.csv"), rows);
        CliRun run = forecast("--hierarchy", "store");
        assertTrue(run.err().contains("(--hierarchy; several as --hierarchy store,item)"), run.err());
    }

    @Test
    void allLevelsAreForecastAndAddUp() throws IOException {
        write();
        CliRun run = forecast("--hierarchy", "store,item", "--quantiles", "0.1,0.9");
        assertEquals(Command.OK, run.code(), run.err());
        assertEquals("series,date,sold,sold.q0.1,sold.q0.9", run.lines().get(0));
        assertEquals(1 + 7 * 5, run.lines().size());
        double[] values = run.lines().stream().skip(1).mapToDouble(line -> {
            String[] cells = line.split(",(?=\\d)");
            return Double.parseDouble(cells[cells.length - 3]);
        }).toArray();
        assertTrue(run.lines().get(1).startsWith("total,2024-04-30,"), run.out());
        assertTrue(run.lines().get(6).startsWith("store=A,2024-04-30,"), run.out());
        assertTrue(run.lines().get(21).startsWith("\"store=A,item=x,y\",2024-04-30,"), run.out());
        for (int h = 0; h < 5; h++) {
            assertEquals(values[h], values[5 + h] + values[10 + h], 1e-4);
            assertEquals(values[5 + h], values[15 + h] + values[20 + h], 1e-4);
            assertEquals(0, values[25 + h], 1e-6, "closed");
        }
        assertTrue(run.err().contains("ended 30 steps before the others; it is taken as closed"), run.err());
        assertTrue(run.err().contains("all levels are forecast and reconciled"), run.err());
        CliRun alone = forecast("--hierarchy", "store,item", "--quantiles", "none", "--samples", "p.csv");
        assertEquals("series,date,sold", alone.lines().get(0));
        assertEquals(Command.USAGE, forecast("--hierarchy", "store,item", "--components", "c.csv").code());
        CliRun large = CliRun.in(folder, "forecast", "sales.csv", "--horizon", "90000", "--plot", "none", "--hierarchy",
                "store,item", "--samples", "p.csv");
        assertTrue(large.err().contains("MB that they may use"), large.err());
        Files.writeString(folder.resolve("far.csv"), "time,store,v\n1970-01-01 00:00:00,A,1\n1970-01-01 00:00:01,A,2\n"
                + "1970-01-01 00:00:02,A,3\n2024-01-01 00:00:00,B,1\n2024-01-01 00:00:01,B,2\n2024-01-01 00:00:02,B,3\n");
        CliRun far = CliRun.in(folder, "forecast", "far.csv", "--hierarchy", "store", "--plot", "none");
        assertEquals(Command.FAILED, far.code());
        assertTrue(far.err().contains("counted from the earliest time of any series"), far.err());
        CliRun totals = forecast("--hierarchy", "store,item", "--quantiles", "none", "--total", "horizon");
        assertEquals("series,from,to,steps,sold,sold.mean", totals.lines().get(0));
        assertEquals(8, totals.lines().size());
        assertEquals(Command.USAGE, forecast("--hierarchy", "store,item", "--mode", "fast").code());
        assertEquals(Command.USAGE, forecast("--hierarchy", "store,item", "--integer").code());
        assertEquals(Command.USAGE, forecast("--hierarchy", "store,item", "--id", "store").code());
    }
}
