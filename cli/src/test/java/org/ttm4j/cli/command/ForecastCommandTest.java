package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.fixtures.Samples;

class ForecastCommandTest {
    @TempDir
    Path folder;

    @BeforeEach
    void modelAndFile() throws IOException {
        Samples.model(folder);
        Samples.hourly(folder.resolve("load.csv"), 0, 100, "load", "temp");
    }

    private CliRun forecast(String... more) {
        return CliRun.in(folder,
                Stream.concat(
                        Stream.of("forecast", "load.csv", "--mode", "fast", "--model", "model", "--quantiles", "none"),
                        Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void tableHoldsExactlyWhatTheForecasterSays() throws IOException {
        CliRun run = forecast();
        assertEquals(0, run.code(), run.err());
        TimeSeries series = CsvReader.read(folder.resolve("load.csv"), CsvOptions.defaults()).series().get(0);
        float[][] expected = Forecaster.load(folder.resolve("model"))
                .fast()
                .forecast(ForecastRequest.of(series.doubleValues()))
                .values();
        assertEquals("time,load,temp", run.lines().get(0));
        assertEquals(1 + Samples.HORIZON, run.lines().size());
        for (int t = 0; t < Samples.HORIZON; t++) {
            String[] cells = run.lines().get(1 + t).split(",");
            assertEquals(Samples.time(100 + t), cells[0]);
            assertEquals(expected[0][t], Float.parseFloat(cells[1]));
            assertEquals(expected[1][t], Float.parseFloat(cells[2]));
        }
    }

    /** As of an office: monthly counts, whose times are seconds since 1970. */
    @Test
    void numbersAndTimesAreThoseThatPeopleRead() throws IOException {
        StringBuilder rows = new StringBuilder("time,sold\n");
        for (int t = 0; t < 60; t++)
            rows.append(1_700_006_400L + 86_400L * t).append(',').append(t * 7 % 31).append('\n');
        Files.writeString(folder.resolve("sold.csv"), rows);
        CliRun run = CliRun.in(folder, "forecast", "sold.csv", "--digits", "2", "--quantiles", "none");
        assertEquals(0, run.code(), run.err());
        assertEquals(1 + 28, run.lines().size());
        assertTrue(run.lines().get(1).matches("1705190400,\\d+(\\.\\d\\d?)?"), run.out());
        assertTrue(run.err().contains("note: whole numbers: --integer rounds the forecasts"), run.err());
        assertTrue(Files.readString(folder.resolve("sold-forecast.svg")).contains("2024-01-14 to 2024-02-10"));
    }

    @Test
    void pictureIsWrittenAndNamed() throws IOException {
        CliRun run = forecast();
        assertTrue(run.err().contains("picture: " + folder.resolve("load-forecast.svg")), run.err());
        assertTrue(Files.readString(folder.resolve("load-forecast.svg")).startsWith("<svg "));
        byte[] first = Files.readAllBytes(folder.resolve("load-forecast.svg"));
        forecast("--plot", "again.svg");
        assertArrayEquals(first, Files.readAllBytes(folder.resolve("again.svg")), "the same input, the same picture");
    }

    @Test
    void noneMakesNoPicture() throws IOException {
        CliRun run = forecast("--plot", "none");
        assertEquals(0, run.code(), run.err());
        assertFalse(run.err().contains("picture"), run.err());
        assertFalse(Files.exists(folder.resolve("none")) || Files.exists(folder.resolve("load-forecast.svg")));
        fails(2, "ends in .svg, .png or .html, found 'load.gif'", "load.csv", "--plot", "load.gif");
        fails(1, "it is a folder", "load.csv", "--plot", "/");
        fails(2, "--plot none makes none", "load.csv", "--plot", "none", "--open");
    }

    @Test
    void thePictureIsAPngByItsEnding() throws IOException {
        CliRun run = forecast("--plot", "load.PNG");
        assertEquals(0, run.code(), run.err());
        BufferedImage image = ImageIO.read(folder.resolve("load.PNG").toFile());
        assertEquals(1920, image.getWidth());
        int forecast = 0;
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) if ((image.getRGB(x, y) & 0xffffff) == 0xd9480f) forecast++;
        }
        assertTrue(forecast > 200, forecast + " pixels in the colour of the forecast");
    }

    @Test
    void aPageHoldsAllChannels() throws IOException {
        String[] names = new String[15];
        for (int c = 0; c < names.length; c++) names[c] = "c" + c;
        Samples.hourly(folder.resolve("load.csv"), 0, 100, names);
        CliRun run = forecast("--plot", "all.html");
        assertTrue(run.err().contains("picture: " + folder.resolve("all.html") + "\n"), run.err());
        String page = Files.readString(folder.resolve("all.html"));
        for (String name : names) assertTrue(page.contains("\"" + name + "\""), name);
        assertTrue(page.contains("width=device-width"));
        assertTrue(forecast().err().contains("(the first 12 of 15 panels; name an .html for all)"));
    }

    @Test
    void aPageOfNumberedRowsHasNoDates() throws IOException {
        StringBuilder csv = new StringBuilder("row,load\n");
        for (int row = 0; row < 100; row++) csv.append(row).append(',').append(row % 7).append('\n');
        Files.writeString(folder.resolve("load.csv"), csv);
        forecast("--plot", "all.html");
        assertFalse(Files.readString(folder.resolve("all.html")).contains("1970"));
    }

    @Test
    void outputGoesToAFileWhenAsked() throws IOException {
        String table = forecast().out();
        CliRun run = forecast("--out", "table.csv");
        assertEquals("", run.out());
        assertEquals(table, Files.readString(folder.resolve("table.csv")));
        assertTrue(run.err().contains("table: "), run.err());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".tmp")).toList());
        }
    }

    @Test
    void targetsAreReadInTheirOrder() {
        CliRun run = forecast("--target", "temp");
        assertEquals("time,temp", run.lines().get(0));
        assertEquals("time,temp,load", forecast("--target", "temp,load").lines().get(0));
    }

    @Test
    void aLongHorizonRunsTheModelOnItsOwnForecast() {
        CliRun run = forecast("--horizon", "30");
        assertEquals(31, run.lines().size());
        assertEquals(forecast().out().strip(), String.join("\n", run.lines().subList(0, 13)));
        assertTrue(run.err().contains("it ran 3 times"), run.err());
        assertEquals(6, forecast("--horizon", "5").lines().size());
    }

    @Test
    void longFilesGiveLongTables() throws IOException {
        StringBuilder rows = new StringBuilder("site,time,load\n");
        for (int row = 0; row < 60; row++) {
            rows.append("\"north, \"\"a\"\"\",")
                    .append(Samples.time(row))
                    .append(',')
                    .append(Samples.value(row, 0))
                    .append('\n');
            rows.append("south,").append(Samples.time(row)).append(',').append(Samples.value(row, 1)).append('\n');
        }
        Files.writeString(folder.resolve("sites.csv"), rows);
        CliRun run = CliRun.in(folder, "forecast", "sites.csv", "--id", "site", "--mode", "fast", "--model", "model");
        assertEquals(0, run.code(), run.err());
        assertEquals(1 + 2 * Samples.HORIZON, run.lines().size());
        assertEquals("site,time,load", run.lines().get(0));
        assertTrue(run.lines().get(1).startsWith("\"north, \"\"a\"\"\",2024-02-28 12:00,"), run.lines().get(1));
        assertTrue(run.lines().get(1 + Samples.HORIZON).startsWith("south,2024-02-28 12:00,"));
    }

    @Test
    void repairsAndNotesAreSaidOnStandardError() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("load.csv"));
        lines.set(90, Samples.time(89) + ",,1");
        lines.remove(95);
        Files.write(folder.resolve("load.csv"), lines);
        CliRun run = forecast();
        assertTrue(run.err().contains("repaired: 1 step without a row"), run.err());
        assertTrue(run.err().contains("repaired: 1 missing cell"), run.err());
        assertTrue(run.err().contains("note: channel load: 2 missing steps were interpolated"), run.err());
        assertEquals(1 + Samples.HORIZON, run.lines().size());
    }

    @Test
    void rowsAtTheEndWithoutAValueAreForecast() throws IOException {
        String first = forecast("--out", "table.csv", "--horizon", "3").err();
        assertFalse(first.contains("no value in the last"), first);
        List<String> lines = new ArrayList<>(Files.readAllLines(folder.resolve("load.csv")));
        int rows = lines.size() - 1;
        for (int row = rows; row < rows + 3; row++) lines.add(Samples.time(row) + ",,");
        Files.write(folder.resolve("load.csv"), lines);
        CliRun run = forecast("--horizon", "3");
        assertEquals(Files.readString(folder.resolve("table.csv")).strip(), run.out().strip());
        assertTrue(run.err()
                .contains("note: no value in the last 3 steps: the forecast begins there, at " + Samples.time(rows)),
                run.err());
    }

    @Test
    void aChangeOfClocksWithinTheForecastIsSaid() {
        CliRun run = forecast("--timezone", "Europe/Berlin", "--horizon", "800");
        assertTrue(run.err().contains("note: clocks change at 2024-03-31T02:00, and"), run.err());
        assertFalse(forecast("--timezone", "Europe/Berlin").err().contains("clocks change"));
        assertFalse(forecast("--horizon", "800").err().contains("clocks change"));
    }

    @Test
    void aTerminalGetsASmallPicture() {
        CliRun run = CliRun.onTerminal(folder, "forecast", "load.csv", "--mode", "fast", "--model", "model");
        assertTrue(run.err().chars().anyMatch(c -> c > 0x2800 && c < 0x2900), run.err());
        assertFalse(run.out().chars().anyMatch(c -> c > 0x7f), run.out());
    }

    @Test
    void notesThatSeriesShareAreSaidOnce() throws IOException {
        StringBuilder rows = new StringBuilder("site,time,load\n");
        for (String site : List.of("a", "b", "c")) {
            for (int row = 0; row < (site.equals("c") ? 40 : 60); row++) {
                rows.append(site + "," + Samples.time(row) + "," + Samples.value(row, 0) + "\n");
            }
        }
        Files.writeString(folder.resolve("sites.csv"), rows);
        CliRun run = CliRun.in(folder, "forecast", "sites.csv", "--id", "site", "--mode", "fast", "--model", "model",
                "--horizon", "20", "--quantiles", "none");
        assertEquals(List.of(
                "note: 3 series ('a', …): the horizon is longer than the model's; it ran 2 times, each time on its own "
                        + "forecast before",
                "note: series 'c': the history is 8 steps shorter than the model's context; its earliest value was "
                        + "repeated to the left as unobserved"),
                run.err().lines().filter(line -> line.startsWith("note: ")).toList());
    }

    @Test
    void theKnownFutureChangesTheForecast() throws IOException {
        Samples.exogenousModel(folder);
        Samples.hourly(folder.resolve("future.csv"), 98, 120, "unused", "temp");
        CliRun run = CliRun.in(folder, "forecast", "load.csv", "--model", "exogenous", "--future", "future.csv",
                "--quantiles", "none");
        assertEquals(0, run.code(), run.err());
        assertEquals("time,load", run.lines().get(0), "exogenous channels are not forecast");
        Files.writeString(folder.resolve("future.csv"),
                Files.readString(folder.resolve("future.csv")).replace("unused,temp", "temp,unused"));
        CliRun other = CliRun.in(folder, "forecast", "load.csv", "--model", "exogenous", "--future", "future.csv");
        assertFalse(run.out().equals(other.out()));
    }

    @Test
    void aKnownFutureThatDoesNotFitIsRefused() throws IOException {
        Samples.exogenousModel(folder);
        Samples.hourly(folder.resolve("future.csv"), 100, 105, "temp");
        fails(1, "--future: this model has no exogenous channels", "load.csv", "--mode", "fast", "--model", "model",
                "--future", "future.csv");
        fails(1, "the known future of temp from 2024-03-01 04:00 on: give it with --future", "load.csv", "--model",
                "exogenous");
        fails(1, "future.csv: 'temp' has no value at 2024-03-01 09:00, step 6 of 12", "load.csv", "--model",
                "exogenous", "--future", "future.csv");
        fails(1, "this model needs exactly 2 channels", "load.csv", "--model", "exogenous", "--target", "load",
                "--future", "future.csv");
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws IOException {
        Files.writeString(folder.resolve("text.csv"), "time,x\n2024-01-01,1\n2024-01-02,two\n2024-01-03,3\n");
        Files.writeString(folder.resolve("empty.csv"), "");
        Samples.hourly(folder.resolve("short.csv"), 0, 2, "x");
        Files.createDirectory(folder.resolve("broken"));
        Files.writeString(folder.resolve("broken/config.json"), "{\"d_model\": 0}");
        fails(1, "none.csv: no such file", "none.csv", "--mode", "fast", "--model", "model");
        fails(1, "line 3, column 'x'", "text.csv", "--mode", "fast", "--model", "model");
        fails(1, "empty.csv", "empty.csv", "--mode", "fast", "--model", "model");
        fails(1, "missing", "load.csv", "--target", "missing", "--mode", "fast", "--model", "model");
        fails(1, "config.json", "load.csv", "--model", "none");
        fails(1, "d_model", "load.csv", "--model", "broken");
        fails(1, "cannot be written: no such folder", "load.csv", "--mode", "fast", "--model", "model", "--out",
                "no/where.csv");
        fails(1, "it is a folder", "load.csv", "--mode", "fast", "--model", "model", "--plot", "model");
        fails(2, "did you mean --horizon?", "load.csv", "--horizn", "3");
        fails(2, "would overwrite the input", "load.csv", "--mode", "fast", "--model", "model", "--out", "load.csv");
        fails(2, "expected a CSV file");
    }

    @Test
    void aPictureThatNobodyAskedForIsLeftOutWhereItCannotBeWritten() throws IOException {
        Files.createDirectory(folder.resolve("load-forecast.svg"));
        CliRun run = CliRun.in(folder, "forecast", "load.csv", "--mode", "fast", "--model", "model");
        assertEquals(0, run.code(), run.err());
        assertEquals(1 + Samples.HORIZON, run.lines().size());
        assertTrue(run.err().contains("load-forecast.svg: cannot be written: it is a folder"), run.err());
    }

    @Test
    void seriesThatCannotBeForecastAreNamedAndTheOthersForecast() throws IOException {
        String good = "id,time,x\na,2024-01-01,1\na,2024-01-02,1\n";
        Files.writeString(folder.resolve("sites.csv"), good + "b,2024-01-01,1\n");
        CliRun run = CliRun.in(folder, "forecast", "sites.csv", "--id", "id", "--mode", "fast", "--model", "model");
        assertEquals(1, run.code());
        assertEquals(1 + Samples.HORIZON, run.lines().size());
        assertTrue(run.lines().get(1).startsWith("a,"), run.out());
        assertTrue(run.err().contains("sites.csv") && run.err().contains("'b'"), run.err());
        Files.writeString(folder.resolve("sites.csv"), "id,time,x\nb,2024-01-01,1\nc,2024-01-01,1\n");
        fails(1, "'b'", "sites.csv", "--id", "id", "--mode", "fast", "--model", "model", "--plot", "none.svg");
        assertFalse(Files.exists(folder.resolve("none.svg")));
    }

    @Test
    void aFutureOfOneRowIsEnoughForOneStep() throws IOException {
        Samples.exogenousModel(folder);
        Samples.hourly(folder.resolve("future.csv"), 100, 101, "unused", "temp");
        CliRun run = CliRun.in(folder, "forecast", "load.csv", "--model", "exogenous", "--future", "future.csv",
                "--horizon", "1");
        assertEquals(0, run.code(), run.err());
        assertEquals(2, run.lines().size());
        fails(2, "--out: this would overwrite the input, ", "load.csv", "--model", "exogenous", "--future",
                "future.csv", "--horizon", "1", "--out", "future.csv");
        Samples.hourly(folder.resolve("future.csv"), 98, 99, "temp");
        fails(1, "future.csv: 'temp' has no value at 2024-03-01 04:00, step 1 of 12", "load.csv", "--model",
                "exogenous", "--future", "future.csv");
    }

    /** A day of which the history has the morning and the known future the rest. */
    @Test
    void aSumThatAKnownFutureHasAPartOfIsExplained() throws IOException {
        Samples.hourly(folder.resolve("days.csv"), 0, 30 * 24 + 12, "load", "temp");
        Samples.hourly(folder.resolve("future.csv"), 30 * 24 + 12, 36 * 24, "temp");
        fails(1, "step 1 of 6 to forecast; a sum needs all rows of its step", "days.csv", "--frequency", "P1D",
                "--resample", "sum", "--target", "load", "--known-future", "temp", "--future", "future.csv");
    }

    @Test
    void nothingIsWrittenWhenOneTargetCannotBe() throws IOException {
        fails(1, "no such folder", "load.csv", "--mode", "fast", "--model", "model", "--out", "table.csv", "--plot",
                "no/where.svg");
        assertFalse(Files.exists(folder.resolve("table.csv")));
        CliRun run = forecast("--plot", "no/where.svg");
        assertEquals(1, run.code());
        assertEquals("", run.out());
        fails(2, "name the same file", "load.csv", "--mode", "fast", "--model", "model", "--out", "same", "--plot",
                "./same");
    }

    @Test
    void namesFromAFileDoNotReachTheTerminalRaw() throws IOException {
        String name = "\033[31m\u009b31m\u202e" + "long".repeat(100);
        Files.writeString(folder.resolve("load.csv"),
                Files.readString(folder.resolve("load.csv"))
                        .replaceFirst("temp", name)
                        .replaceFirst(",[0-9.]+\n", ",\n"));
        CliRun run = CliRun.onTerminal(folder, "forecast", "load.csv", "--mode", "fast", "--model", "model",
                "--horizon", "20");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().contains("column ?[31m?31m?long"), run.err());
        String colourless = run.err().replace("\033[33m", "").replace("\033[0m", "").replace("\033[K", "");
        assertFalse(colourless.matches("(?s).*[\\p{Cc}\\p{Cf}&&[^\n\r]].*"), run.err());
        assertTrue(run.err().lines().allMatch(line -> line.length() < 200));
    }

    private void fails(int code, String message, String... arguments) {
        CliRun run = CliRun.in(folder,
                Stream.concat(Stream.of("forecast"), Stream.of(arguments)).toArray(String[]::new));
        assertEquals(code, run.code(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertEquals(1, run.err().lines().filter(line -> line.startsWith("ttm")).count(), run.err());
        assertFalse(run.err().contains("\tat "), run.err());
    }
}
