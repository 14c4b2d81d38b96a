package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;

class ForecastOutputsTest {
    @TempDir
    Path folder;

    private CliRun forecast(String... more) {
        return CliRun.in(folder,
                Stream.concat(Stream.of("forecast", "sales.csv", "--horizon", "40", "--plot", "none"), Stream.of(more))
                        .toArray(String[]::new));
    }

    /** Sparse sales beside a share near its bound, from 2024-01-01 to 2024-08-17. */
    private void write() throws IOException {
        StringBuilder rows = new StringBuilder("date,sold,fill %\n");
        SplittableRandom random = new SplittableRandom(2);
        for (int t = 0; t < 230; t++) {
            int sold = random.nextDouble() < 0.25 ? 1 + random.nextInt(3) : 0;
            double fill = Math.min(100, 96 + 4 * random.nextGaussian());
            rows.append(LocalDate.of(2024, 1, 1).plusDays(t)).append(',').append(sold).append(',').append(fill);
            rows.append('\n');
        }
        Files.writeString(folder.resolve("sales.csv"), rows);
    }

    private static double[] column(List<String> lines, int column) {
        return lines.stream().skip(1).mapToDouble(line -> Double.parseDouble(line.split(",")[column])).toArray();
    }

    @Test
    void meansStandBesideMediansWhereTheirTotalsDiffer() throws IOException {
        write();
        CliRun run = forecast("--quantiles", "0.9");
        assertEquals(Command.OK, run.code(), run.err());
        assertEquals("date,sold,fill %,sold.mean,sold.q0.9,fill %.mean,fill %.q0.9", run.lines().get(0));
        assertTrue(run.err().contains("note: columns .mean: the totals of mean and median differ"), run.err());
        assertEquals(40 * 0.5, Arrays.stream(column(run.lines(), 3)).sum(), 6);
        assertTrue(Arrays.stream(column(run.lines(), 6)).allMatch(value -> value <= 100), run.out());
        assertTrue(run.err().contains("note: channel fill %: a share, kept within 0 and 100"), run.err());
        CliRun bounded = forecast("--quantiles", "0.9", "--upper", "90", "--target", "fill %");
        assertEquals("date,fill %,fill %.q0.9", bounded.lines().get(0));
        assertTrue(Arrays.stream(column(bounded.lines(), 2)).allMatch(value -> value <= 90), bounded.out());
        assertFalse(forecast("--target", "fill %", "--quantiles", "none").err().contains(".mean"));
        assertEquals("date,fill %,fill %.mean",
                forecast("--target", "fill %", "--quantiles", "none", "--mean").lines().get(0));
        assertEquals(Command.USAGE, forecast("--lower", "2", "--upper", "1").code());
    }

    /** An account with purchases on weekdays and a salary on the 28th, which is paid before a weekend. */
    @Test
    void aSalaryComesOnceAMonth() throws IOException {
        StringBuilder rows = new StringBuilder("Buchungstag;Betrag\n");
        SplittableRandom random = new SplittableRandom(6);
        for (LocalDate day = LocalDate.of(2023, 1, 2); day.getYear() < 2024
                || day.getMonthValue() < 11; day = day.plusDays(1)) {
            if (day.getDayOfWeek().getValue() > 5) continue;
            String date = "%02d.%02d.%d;".formatted(day.getDayOfMonth(), day.getMonthValue(), day.getYear());
            for (int i = random.nextInt(4); i > 0; i--) rows.append(date).append(-random.nextInt(80)).append('\n');
            boolean isPaid = day.getDayOfMonth() == 28
                    || day.getDayOfWeek().getValue() == 5 && (day.getDayOfMonth() == 26 || day.getDayOfMonth() == 27);
            if (isPaid) rows.append(date).append("3000\n");
        }
        Files.writeString(folder.resolve("account.csv"), rows);
        CliRun run = CliRun.in(folder, "forecast", "account.csv", "--horizon", "44", "--plot", "none");
        assertEquals(Command.OK, run.code(), run.err());
        List<String> paid = run.lines()
                .stream()
                .skip(1)
                .filter(line -> Double.parseDouble(line.split(";")[1].replace(',', '.')) > 1000)
                .map(line -> line.split(";")[0])
                .toList();
        assertEquals(List.of("28.11.2024", "27.12.2024"), paid, run.out());
        assertTrue(run.err().contains("on day 28 of each month, or the weekday before"), run.err());
    }

    @Test
    void totalsComeFromPathsWhichAreAFile() throws IOException {
        write();
        CliRun run = forecast("--quantiles", "0.1,0.9", "--target", "sold", "--total", "month", "--samples", "p.csv");
        assertEquals(Command.OK, run.code(), run.err());
        assertEquals("from,to,steps,sold,sold.mean,sold.q0.1,sold.q0.9", run.lines().get(0));
        assertTrue(run.lines().get(1).startsWith("2024-08-18,2024-08-31,14,"), run.out());
        assertTrue(run.lines().get(2).startsWith("2024-09-01,2024-09-26,26,"), run.out());
        List<String> paths = Files.readAllLines(folder.resolve("p.csv"));
        assertEquals("sample,date,sold", paths.get(0));
        assertEquals(1 + 1000 * 40, paths.size());
        double ofFile = Arrays.stream(column(paths, 2)).sum() / 1000;
        assertEquals(Arrays.stream(column(run.lines(), 4)).sum(), ofFile, 0.01 * ofFile);
        assertEquals(run.out(), forecast("--quantiles", "0.1,0.9", "--target", "sold", "--total", "month").out());
        CliRun fast = forecast("--total", "week", "--mode", "fast");
        assertEquals(Command.USAGE, fast.code());
        assertTrue(fast.err().contains("--total: only for a combined forecast"), fast.err());
        assertEquals(Command.USAGE, forecast("--total", "year").code());
        assertEquals(Command.USAGE, forecast("--total", "week", "--out", "t.xlsx").code());
        assertEquals(Command.USAGE, forecast("--total", "week", "--out", "t.jsonl").code());
        for (String option : List.of("--samples", "--cv", "--components")) {
            CliRun lines = forecast(option, "p.jsonl");
            assertEquals(Command.USAGE, lines.code());
            assertTrue(lines.err().contains(option + ": only the table of --out can be JSON lines"), lines.err());
        }
    }
}
