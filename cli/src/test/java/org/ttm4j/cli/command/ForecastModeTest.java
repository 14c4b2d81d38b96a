package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.Holidays;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.ttm.fixtures.Samples;

class ForecastModeTest {
    @TempDir
    Path folder;

    private CliRun forecast(String... more) {
        return CliRun.in(folder, Stream.concat(Stream.of("forecast", "load.csv", "--horizon", "6"), Stream.of(more))
                .toArray(String[]::new));
    }

    @Test
    void aShortFileHasDecilesAndSaysWhatWasCombined() throws IOException {
        for (int rows : List.of(3, 12, 60)) {
            Samples.hourly(folder.resolve("load.csv"), 0, rows, "load");
            CliRun run = forecast();
            assertEquals(Command.OK, run.code(), run.err());
            assertTrue(run.lines().get(0).endsWith("load.q0.8,load.q0.9"), run.lines().get(0));
            assertEquals(7, run.lines().size());
            assertTrue(run.lines().stream().skip(1).noneMatch(line -> line.endsWith(",")), run.out());
            assertTrue(run.err().contains("note: channel load: combined of "), run.err());
        }
    }

    @Test
    void modesDiffer() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, 300, "load");
        assertEquals(forecast().out(), forecast("--mode", "balanced").out());
        assertNotEquals(forecast().out(), forecast("--mode", "fast").out());
        CliRun best = forecast("--mode", "best");
        assertEquals(forecast().out(), best.out());
        assertTrue(best.err().contains("note: best is another name of balanced"), best.err());
        assertEquals("time,load", forecast("--quantiles", "none").lines().get(0));
        assertEquals("time,load,load.q0.05,load.q0.95", forecast("--quantiles", "0.05,0.95").lines().get(0));
        assertEquals(Command.USAGE, forecast("--mode", "slow").code());
    }

    @Test
    void aSeasonMayBeGiven() throws IOException {
        StringBuilder shifts = new StringBuilder("time,load\n");
        SplittableRandom random = new SplittableRandom(4);
        for (int t = 0; t < 90; t++) {
            double load = (t % 9 < 4 ? 10 : 2) + 0.1 * random.nextGaussian();
            shifts.append(Samples.time(t)).append(',').append(load).append('\n');
        }
        Files.writeString(folder.resolve("load.csv"), shifts);
        CliRun run = forecast("--season", "9", "--quantiles", "none");
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.err().contains("season"), run.err());
        for (int h = 0; h < 6; h++) {
            double value = Double.parseDouble(run.lines().get(1 + h).split(",")[1]);
            assertEquals(h < 4 ? 10 : 2, value, 1);
        }
        CliRun tooLong = forecast("--season", "80");
        assertTrue(tooLong.err().contains("note: channel load: the history of 90 steps holds the season of 80 less"),
                tooLong.err());
        assertEquals(Command.USAGE, forecast("--season", "1").code());
        CliRun fast = forecast("--season", "9", "--mode", "fast");
        assertEquals(Command.USAGE, fast.code());
        assertTrue(fast.err().contains("--season: only for a combined forecast, not --mode fast"), fast.err());
    }

    @Test
    void theCrossValidationIsWrittenWithTheTruth() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, 400, "load");
        List<String> input = Files.readAllLines(folder.resolve("load.csv"));
        CliRun run = forecast("--cv", "cv.csv", "--quantiles", "0.1,0.9");
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.err().contains("cross-validation: " + folder.resolve("cv.csv") + " (36 steps)"), run.err());
        List<String> lines = Files.readAllLines(folder.resolve("cv.csv"));
        assertEquals("series,channel,origin,step,truth,forecast,q0.1,q0.9", lines.get(0));
        assertEquals(1 + 6 * 6, lines.size());
        // The latest origin comes first, six steps before the end.
        for (int h = 0; h < 6; h++) {
            String[] cells = lines.get(1 + h).split(",");
            String truth = input.get(1 + 394 + h).split(",")[1];
            assertEquals(List.of("load", "load", Samples.time(394), "" + (h + 1)), List.of(cells).subList(0, 4));
            assertEquals(Float.parseFloat(truth), Float.parseFloat(cells[4]));
            assertTrue(Float.parseFloat(cells[6]) < Float.parseFloat(cells[5]));
            assertTrue(Float.parseFloat(cells[5]) < Float.parseFloat(cells[7]));
        }
        assertEquals(forecast().out(), forecast("--cv", "cv.csv").out());
        assertEquals(Command.USAGE, forecast("--cv", "cv.csv", "--mode", "fast").code());
        assertTrue(forecast("--cv", "load.csv").err().contains("--cv: this would overwrite the input"));
        assertTrue(forecast("--cv", "a", "--out", "a").err().contains("--out and --cv name the same file"));
    }

    @Test
    void wholeNumbersAndALeastValueHoldForQuantilesToo() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, 60, "load");
        for (String mode : List.of("fast", "balanced")) {
            List<String> lines = forecast("--mode", mode, "--integer", "--lower", "0.5").lines();
            for (String line : lines.subList(1, lines.size())) {
                for (String cell : line.substring(line.indexOf(',') + 1).split(",")) {
                    assertTrue(Integer.parseInt(cell) >= 1, line);
                }
            }
        }
        assertTrue(forecast("--lower", "x").err().contains("--lower: expected a number from"));
        assertEquals(Command.USAGE, forecast("--lower", "NaN").code());
    }

    @Test
    void withoutAHorizonTheForecastEndsWhereTheFutureDoes() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, 200, "load", "temp");
        Files.writeString(folder.resolve("future.csv"), future("1", "2", "3", "", ""));
        CliRun run = CliRun.in(folder, "forecast", "load.csv", "--known-future", "temp", "--future", "future.csv");
        assertEquals(1 + 3, run.lines().size(), run.err());
        assertTrue(run.err().contains("note: --future ends after 3 of the usual 100 steps"), run.err());
        CliRun page = CliRun.in(folder, "forecast", "load.csv", "--known-future", "temp", "--future", "future.csv",
                "--holidays", "DE", "--plot", "load.html");
        assertEquals(0, page.code(), page.err());
        Files.writeString(folder.resolve("future.csv"), future("1", "", "3"));
        CliRun gap = CliRun.in(folder, "forecast", "load.csv", "--known-future", "temp", "--future", "future.csv");
        assertEquals(1, gap.code());
        assertTrue(gap.err().contains("step 2 of 3 to forecast"), gap.err());
    }

    /** Of the steps after the first 200. */
    private static String future(String... values) {
        StringBuilder future = new StringBuilder("time,temp\n");
        for (int i = 0; i < values.length; i++) {
            future.append(Samples.time(200 + i)).append(',').append(values[i]).append('\n');
        }
        return future.toString();
    }

    @Test
    void aKnownFutureCorrectsTheCombination() throws IOException {
        StringBuilder history = new StringBuilder("time,promotion,load\n");
        StringBuilder future = new StringBuilder("time,promotion\n");
        SplittableRandom random = new SplittableRandom(4);
        double[] truth = new double[206];
        for (int t = 0; t < 206; t++) {
            int promotion = random.nextInt(3) / 2;
            double load = Samples.value(t, 0) + 30 * promotion;
            truth[t] = load;
            if (t < 200) history.append(Samples.time(t)).append(',').append(promotion).append(',').append(load);
            else future.append(Samples.time(t)).append(',').append(promotion);
            (t < 200 ? history : future).append('\n');
        }
        Files.writeString(folder.resolve("load.csv"), history);
        Files.writeString(folder.resolve("future.csv"), future);
        String[] drivers = {"--known-future", "promotion", "--future", "future.csv", "--quantiles", "none"};
        CliRun run = forecast(drivers);
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(
                run.err().contains("channel load: the known future values made the errors at earlier origins smaller"),
                run.err());
        assertEquals("time,load", run.lines().get(0));
        CliRun without = forecast("--target", "load", "--quantiles", "none");
        double[] errors = new double[2];
        for (int h = 0; h < 6; h++) {
            errors[0] += Math.abs(truth[200 + h] - Double.parseDouble(run.lines().get(1 + h).split(",")[1]));
            errors[1] += Math.abs(truth[200 + h] - Double.parseDouble(without.lines().get(1 + h).split(",")[1]));
        }
        assertTrue(errors[0] < 0.7 * errors[1], errors[0] + " with and " + errors[1] + " without");
        CliRun named = forecast("--target", "load", "--known-future", "promotion", "--future", "future.csv",
                "--quantiles", "none");
        assertEquals(run.out(), named.out());
        Files.writeString(folder.resolve("load.csv"),
                history + future.substring(future.indexOf("\n") + 1).replace("\n", ",\n"));
        String[] inOneFile = drivers.clone();
        inOneFile[3] = "load.csv";
        assertEquals(run.out(), forecast(inOneFile).out(), "the known future stands behind the history");
        Files.writeString(folder.resolve("load.csv"), history);
        Files.writeString(folder.resolve("load.csv"), history.toString().replaceAll(",[^,\n]*\n$", ",\n"));
        CliRun late = forecast(drivers);
        assertEquals(Command.OK, late.code(), "the last value is late, its promotion is not: " + late.err());
        Files.writeString(folder.resolve("load.csv"),
                history.toString().replaceAll("(?m),([^,\n]*)$", ",$1,$1").replace("load,load", "load,other"));
        CliRun two = forecast(drivers);
        assertTrue(two.err().contains("% of the forecast of channel load"), two.err());
        Files.writeString(folder.resolve("load.csv"), history);
        assertEquals(Command.USAGE, forecast("--future", "future.csv").code());
        CliRun absent = forecast("--known-future", "price", "--future", "future.csv");
        assertEquals(Command.FAILED, absent.code());
        assertTrue(absent.err().contains("column 'price': no such column"), absent.err());
        CliRun unused = forecast("--known-future", "promotion");
        assertTrue(unused.err().contains("note: this model cannot use 'promotion'"), unused.err());
        assertTrue(unused.err().contains("note: the combination can use 'promotion' where --future"), unused.err());
    }

    @Test
    void holidaysOfACountryNeedNoFile() throws IOException {
        StringBuilder history = new StringBuilder("date,visits\n");
        LocalDate start = LocalDate.of(2023, 1, 1);
        for (int t = 0; t < 484; t++) {
            LocalDate day = start.plusDays(t);
            boolean holiday = Holidays.of("DE").on(days(day), 0, 1)[0] == 1;
            history.append(day).append(',').append(holiday ? 10 : 100 + t % 7).append('\n');
        }
        Files.writeString(folder.resolve("load.csv"), history);
        CliRun run = forecast("--holidays", "DE");
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.lines().get(0).startsWith("date,visits,visits.q0.1"), run.out());
        assertTrue(visits(run, "2024-05-01") < 60 && visits(run, "2024-05-02") > 80, run.out() + run.err());
        assertTrue(visits(forecast(), "2024-05-01") > 80);
        StringBuilder years = new StringBuilder("date,visits\n");
        for (int t = 0; t < 60; t++) years.append(1950 + t).append("-01-01,").append(100 + t % 7).append('\n');
        Files.writeString(folder.resolve("load.csv"), years);
        assertEquals(Command.OK, forecast("--holidays", "DE").code());
        CliRun wrong = forecast("--holidays", "Bavaria");
        assertEquals(Command.USAGE, wrong.code());
        assertTrue(wrong.err().contains("--holidays: expected a country such as DE"), wrong.err());
    }

    private static TimeAxis days(LocalDate start) {
        return new TimeAxis(start.toEpochDay() * 86_400_000, Frequency.parse("P1D"), 0,
                new TimeFormat("uuuu-MM-dd", ZoneOffset.UTC));
    }

    private static double visits(CliRun run, String date) {
        String row = run.lines().stream().filter(line -> line.startsWith(date + ",")).findFirst().orElseThrow();
        return Double.parseDouble(row.split(",")[1]);
    }
}
