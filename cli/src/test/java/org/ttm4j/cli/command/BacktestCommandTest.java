package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.cli.report.Browser;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.Json;

class BacktestCommandTest {
    private static final List<String> POINT = List.of("mse", "mae", "rmse", "mase", "smape", "wape");

    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        Samples.model(folder);
        Samples.hourly(folder.resolve("x.csv"), 0, 300, "a", "<b>");
    }

    /** Of a small model, unless a test says otherwise alone and at every origin. */
    private CliRun run(String... more) {
        List<String> all = new ArrayList<>(List.of("backtest", "x.csv", "--model", "model"));
        all.addAll(List.of(more));
        if (!all.contains("--mode")) all.addAll(List.of("--mode", "fast"));
        if (!all.contains("--stride")) all.addAll(List.of("--stride", "1"));
        return CliRun.in(folder, all.toArray(String[]::new));
    }

    private static Map<String, Object> json(CliRun run) throws IOException {
        assertEquals(0, run.code(), run.err());
        return Json.parseObject(run.out().getBytes(), "stdout");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> json, String key) {
        return (List<Map<String, Object>>) json.get(key);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> json, String key) {
        return (Map<String, Object>) json.get(key);
    }

    @Test
    void tableNamesWindowsMethodsLevelsChannelsAndSteps() {
        CliRun run = run();
        assertEquals(0, run.code(), run.err());
        // (300 − 12 − 48)/1 + 1
        assertTrue(run.out().contains("241 windows of 48 + 12 rows at stride 1"), run.out());
        for (String row : List.of("model", "last value", "last day", "mean day", "80 %", "90 %", "a ", "<b>", "12 ")) {
            assertTrue(run.lines().stream().anyMatch(line -> line.startsWith(row)), row + " in\n" + run.out());
        }
        assertTrue(run.lines().get(run.lines().size() - 1).endsWith("windows a second"));
    }

    @Test
    void jsonHasTheTotalsOnTop() throws IOException {
        Map<String, Object> json = json(run("--json", "--stride", "4", "--levels", "0.5,0.8", "--window", "expanding"));
        for (String metric : POINT) assertTrue((double) json.get(metric) > 0, metric);
        assertEquals("PT1H", json.get("frequency"));
        assertTrue((double) json.get("pinball") > 0 && (double) json.get("crps") > 0);
        assertEquals(List.of("0.5", "0.8"), List.copyOf(map(json, "coverage").keySet()));
        assertTrue((double) map(json, "width").get("0.8") > (double) map(json, "width").get("0.5"));
        assertEquals(61L, json.get("windows"));
        assertEquals("expanding", json.get("window"));
        assertEquals(24L, json.get("period"));
        assertTrue((double) json.get("rate") > 0);
        assertEquals(List.of("a", "<b>"), list(json, "channels").stream().map(c -> c.get("name")).toList());
        assertEquals(12, list(list(json, "channels").get(1), "steps").size());
        List<Map<String, Object>> steps = list(json, "steps");
        assertEquals(12, steps.size());
        assertEquals(1L, steps.get(0).get("step"));
        assertTrue(steps.get(11).keySet().containsAll(POINT) && steps.get(11).containsKey("coverage"));
        Map<String, Object> baselines = map(json, "baselines");
        assertEquals(List.of("naive", "seasonal_naive", "mean_period"), List.copyOf(baselines.keySet()));
        assertTrue(map(baselines, "mean_period").keySet().containsAll(POINT));
        assertEquals(12, list(map(baselines, "naive"), "steps").size());
        double mean = list(json, "steps").stream().mapToDouble(step -> (double) step.get("mse")).average().orElse(0);
        assertEquals(mean, (double) json.get("mse"), 1e-9 * mean, "no value is missing: steps weigh alike");
    }

    @Test
    void seasonalNaiveIsExactOnAPeriodicSeries() throws IOException {
        StringBuilder text = new StringBuilder("time,v\n");
        for (int row = 0; row < 200; row++) text.append(Samples.time(row)).append(',').append(row % 24).append('\n');
        Files.writeString(folder.resolve("x.csv"), text);
        Map<String, Object> json = json(run("--json"));
        assertEquals(0.0, map(map(json, "baselines"), "seasonal_naive").get("mae"));
        assertEquals(null, json.get("mase"), "the seasonal naive forecast was never wrong: no scale");
    }

    @Test
    void columnsAreAsWideAsTheirNumbers() throws IOException {
        StringBuilder text = new StringBuilder("time,v\n");
        for (int row = 0; row < 200; row++)
            text.append(Samples.time(row)).append(',').append(1e6 * (row * row % 17)).append('\n');
        Files.writeString(folder.resolve("x.csv"), text);
        List<String> lines = run().lines();
        String header = lines.stream().filter(line -> line.endsWith("WAPE")).findFirst().orElseThrow();
        String model = lines.stream().filter(line -> line.startsWith("model")).findFirst().orElseThrow();
        assertTrue(model.contains(" trillion "), model);
        assertEquals(header.length(), model.length(), header + "\n" + model);
        assertEquals(header.indexOf("MSE") + 3, model.indexOf(" trillion") + 9, header + "\n" + model);
    }

    @Test
    void aSeasonMayBeGiven() throws IOException {
        StringBuilder text = new StringBuilder("time,v\n");
        for (int row = 0; row < 200; row++)
            text.append(Samples.time(row)).append(',').append(row * row % 17).append('\n');
        Files.writeString(folder.resolve("x.csv"), text);
        Map<String, Object> json = json(run("--json", "--season", "17"));
        assertEquals(17L, json.get("period"));
        assertEquals(0.0, map(map(json, "baselines"), "seasonal_naive").get("mae"));
        assertTrue(run("--season", "17").out().contains("last season"), run("--season", "17").out());
        String[] combined = {"--mode", "balanced", "--start", "150", "--stride", "20", "--json"};
        double given = (double) json(run(with(combined, "--season", "17"))).get("mae");
        assertTrue(given < 0.2 * (double) json(run(combined)).get("mae"), given + "");
        CliRun tooLong = run("--season", "101", "--start", "100");
        assertEquals(1, tooLong.code());
        assertTrue(tooLong.err().contains("--season 101: expected at most the rows before the first origin, 100"),
                tooLong.err());
    }

    @Test
    void aCombinationIsMeasuredWithAndWithoutWhatIsKnownOfTheFuture() throws IOException {
        StringBuilder text = new StringBuilder("time,load,promotion_share\n");
        for (int row = 0; row < 300; row++) {
            int promotion = row * row % 7 == 1 ? 1 : 0;
            text.append(String.format(Locale.ROOT, "%s,%.4f,%d%n", Samples.time(row),
                    Samples.value(row, 0) + 30 * promotion, promotion));
        }
        Files.writeString(folder.resolve("x.csv"), text);
        String[] combined = {"--known-future", "promotion_share", "--mode", "balanced", "--start", "200", "--stride",
                "20"};
        Map<String, Object> json = json(run(with(combined, "--json")));
        double with = (double) json.get("mae");
        double without = (double) map(json, "without_known_future").get("mae");
        assertTrue(with < 0.7 * without, with + " with and " + without + " without");
        assertEquals(5L, json.get("windows"));
        assertEquals(5L, json.get("calibrated_windows"), "a combination brings its intervals");
        assertEquals(List.of("load"), list(json, "channels").stream().map(c -> c.get("name")).toList());
        assertEquals("model, combined (balanced)", json.get("model"));
        CliRun page = run(with(combined, "--html", "r.html"));
        assertTrue(page.out().contains("\nwithout known future "), page.out());
        assertTrue(Files.readString(folder.resolve("r.html")).contains("without known future"));
        CliRun fast = run("--known-future", "promotion_share");
        assertTrue(fast.err().contains("note: --mode balanced can use --known-future"), fast.err());
        assertFalse(json(run("--json")).containsKey("without_known_future"));
        assertEquals(2, run("--mode", "best", "--refit", "50").code());
    }

    @Test
    void textsAreKnownToo() throws IOException {
        StringBuilder text = new StringBuilder("time,load,weather\n");
        for (int row = 0; row < 300; row++) {
            boolean rain = row * row % 7 == 1;
            text.append(String.format(Locale.ROOT, "%s,%.4f,%s%n", Samples.time(row),
                    Samples.value(row, 0) + (rain ? 30 : 0), rain ? "rain" : "sun"));
        }
        Files.writeString(folder.resolve("x.csv"), text);
        Map<String, Object> json = json(
                run("--known-future", "weather", "--mode", "balanced", "--start", "200", "--stride", "20", "--json"));
        double without = (double) map(json, "without_known_future").get("mae");
        assertTrue((double) json.get("mae") < 0.7 * without, json.toString());
    }

    @Test
    void everyWindowHasATruth() throws IOException {
        StringBuilder text = new StringBuilder("time,load,temp\n");
        for (int row = 0; row < 300; row++) {
            text.append(String.format(Locale.ROOT, "%s,%s,%.4f%n", Samples.time(row),
                    row < 250 ? String.format(Locale.ROOT, "%.4f", Samples.value(row, 0)) : "", Samples.value(row, 1)));
        }
        Files.writeString(folder.resolve("x.csv"), text);
        String[] known = {"--target", "load", "--known-future", "temp", "--stride", "38", "--start", "200"};
        for (String[] more : List.of(with(known, "--mode", "balanced"), with(known, "--refit", "40"))) {
            CliRun run = run(with(more, "--json"));
            assertEquals(2L, json(run).get("windows"), run.err());
        }
    }

    private static String[] with(String[] options, String... more) {
        return Stream.concat(Stream.of(options), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void startMayBeRowsOrAShare() throws IOException {
        assertEquals(150L, json(run("--json", "--start", "0.5")).get("start"));
        assertEquals(100L, json(run("--json", "--start", "100")).get("start"));
        assertEquals(48L, json(run("--json")).get("start"));
        Samples.hourly(folder.resolve("x.csv"), 0, 40, "a");
        assertEquals(20L, json(run("--json")).get("start"), "too short for the context: the middle");
    }

    @Test
    @Tag("training")
    void refitFineTunesOnTheRowsBefore() throws IOException {
        CliRun run = run("--json", "--stride", "10", "--refit", "100", "--target", "a");
        Map<String, Object> json = json(run);
        assertEquals(150L, json.get("start"));
        assertEquals(2L, json.get("fits"));
        List<String> fits = run.err().lines().filter(line -> line.startsWith("fine-tuned on ")).toList();
        assertEquals(2, fits.size(), run.err());
        assertTrue(fits.get(0).contains(Samples.time(0) + " to " + Samples.time(149) + ": "), fits.get(0));
        assertTrue(fits.get(1).contains(Samples.time(100) + " to " + Samples.time(249) + ": "), fits.get(1));
        assertTrue(run("--stride", "10", "--refit", "1000", "--target", "a").out().contains(", fine-tuned once"));
        CliRun few = run("--refit", "100", "--start", "60");
        assertEquals(1, few.code());
        assertTrue(few.err().contains("--refit: 60 rows are too few to fine-tune on"), few.err());
    }

    @Test
    void everySeriesOfALongFileIsMeasuredByItself() throws IOException {
        StringBuilder text = new StringBuilder("site,time,load\n");
        for (int row = 0; row < 300; row++) {
            text.append(String.format(Locale.ROOT, "north,%s,%.4f%n", Samples.time(row), Samples.value(row, 0)));
            if (row < 200) text.append("south,").append(Samples.time(row)).append(',').append(row % 24).append('\n');
            if (row < 5) text.append("short,").append(Samples.time(row)).append(",1\n");
        }
        Files.writeString(folder.resolve("x.csv"), text);
        CliRun run = run("--id", "site", "--json", "--html", "r.html");
        assertEquals(1, run.code(), run.err());
        assertTrue(run.err().contains("x.csv, series 'short': 5 rows hold no window"), run.err());
        assertEquals(Json.pretty(Json.parseObject(run.out().getBytes(), "stdout")), run.out());
        List<Map<String, Object>> all = list(Json.parseObject(run.out().getBytes(), "stdout"), "series");
        assertEquals(List.of("north", "south"), all.stream().map(one -> one.get("id")).toList());
        assertTrue((double) map(map(all.get(0), "baselines"), "seasonal_naive").get("mae") > 0);
        assertEquals(0.0, map(map(all.get(1), "baselines"), "seasonal_naive").get("mae"));
        String overview = Files.readString(folder.resolve("r.html"));
        assertTrue(overview.contains("<a href=\"./r-2.html\">south</a>"), overview);
        String second = Files.readString(folder.resolve("r-2.html"));
        assertTrue(second.contains("x.csv, series south"));
        assertTrue(second.contains("<a href=\"./r-1.html\">← Previous series</a>"), second);
        assertFalse(second.contains("Next series"), second);
        Map<String, Object> total = map(Json.parseObject(run.out().getBytes(), "stdout"), "total");
        assertEquals(2L, total.get("series"));
        assertEquals((long) all.get(0).get("windows") + (long) all.get(1).get("windows"), total.get("windows"));
        // The south repeats itself exactly: it has no scale.
        assertEquals((double) all.get(0).get("mase"), (double) total.get("mase"), 1e-12);
        // As if it were alone.
        Samples.hourly(folder.resolve("x.csv"), 0, 300, "load");
        Map<String, Object> alone = json(run("--json"));
        assertEquals(alone.get("mse"), all.get(0).get("mse"));
        assertEquals(alone.get("windows"), all.get(0).get("windows"));
        assertFalse(alone.containsKey("id"));
        Files.writeString(folder.resolve("x.csv"), text.toString().replace("south", "south".repeat(7)));
        List<String> wide = run("--id", "site").lines();
        int header = IntStream.range(0, wide.size())
                .filter(i -> wide.get(i).startsWith("series "))
                .findFirst()
                .orElseThrow();
        for (int row = 1; row <= 3; row++) assertEquals(wide.get(header).length(), wide.get(header + row).length());
        Files.writeString(folder.resolve("x.csv"), text);
        List<String> lines = run("--id", "site").lines();
        assertEquals("x.csv, series north, model model", lines.get(0));
        assertTrue(lines.contains("x.csv, series south, model model"), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.matches("north +[\\d,]+ .*")), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("2 series, better on ")), lines.toString());
        CliRun refits = run("--id", "site", "--refit", "100", "--stride", "50", "--json");
        assertEquals(List.of("north", "south"),
                list(Json.parseObject(refits.out().getBytes(), "stdout"), "series").stream()
                        .map(one -> one.get("id"))
                        .toList());
    }

    private void longFile(String file, int sites, int rows) throws IOException {
        StringBuilder text = new StringBuilder("site,time,load\n");
        for (int site = 0; site < sites; site++) {
            for (int row = 0; row < rows; row++) {
                text.append(String.format(Locale.ROOT, "s%02d,%s,%.4f%n", site, Samples.time(row),
                        Samples.value(row, site)));
            }
        }
        Files.writeString(folder.resolve(file), text);
    }

    @Test
    void numberedPagesAreCheckedBefore() throws IOException {
        longFile("x-2.html", 2, 100);
        byte[] before = Files.readAllBytes(folder.resolve("x-2.html"));
        CliRun over = CliRun.in(folder, "backtest", "x-2.html", "--model", "model", "--id", "site", "--html", "x.html");
        assertEquals(2, over.code(), over.err());
        assertTrue(over.err().contains("--html: this would overwrite the input, "), over.err());
        assertArrayEquals(before, Files.readAllBytes(folder.resolve("x-2.html")));
        longFile("x.csv", 2, 100);
        Files.createDirectory(folder.resolve("r-2.html"));
        CliRun taken = run("--id", "site", "--html", "r.html");
        assertEquals(1, taken.code());
        assertTrue(taken.err().contains("r-2.html: cannot be written: it is a folder"), taken.err());
        assertFalse(Files.exists(folder.resolve("r-1.html")));
        assertEquals(0, run("--id", "site", "--html", "p.html.gz").code());
        try (InputStream page = new GZIPInputStream(Files.newInputStream(folder.resolve("p-1.html.gz")))) {
            assertTrue(new String(page.readAllBytes(), StandardCharsets.UTF_8).contains("./p-2.html.gz"));
        }
    }

    @Test
    void aMethodFarBeyondTheOthersDoesNotSquashThem() throws IOException {
        Samples.hourly(folder.resolve("x.csv"), 0, 700, "a");
        CliRun run = CliRun.in(folder, "backtest", "x.csv", "--stride", "24", "--horizon", "12", "--html", "r.html",
                "--mode", "fast");
        assertEquals(0, run.code(), run.err());
        String page = Files.readString(folder.resolve("r.html"));
        assertTrue(page.contains("by step. Beyond the upper edge: last value up to "), "last value is far off");
        assertEquals(2, run("--open").code());
    }

    @Test
    void aDeviceIsNotNumbered() throws IOException {
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/null")), "no /dev/null");
        longFile("x.csv", 2, 100);
        CliRun run = run("--id", "site", "--html", "/dev/null");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().contains("report: /dev/null (series 's01')"), run.err());
    }

    /** A full disk shows only as the page is written. */
    @Test
    void aPageThatFailsLosesNoNumbers() {
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/full")), "no /dev/full");
        CliRun run = run("--html", "/dev/full");
        assertEquals(1, run.code());
        assertTrue(run.err().contains("/dev/full: cannot be written"), run.err());
        assertTrue(run.out().contains("241 windows"), run.out());
    }

    @Test
    void ofManyProblemsTheFirstAreNamed() throws IOException {
        longFile("x.csv", 30, 5);
        CliRun none = run("--id", "site");
        assertEquals(1, none.code());
        assertEquals(22, none.err().lines().filter(line -> line.startsWith("ttm: ")).count(), none.err());
        assertTrue(none.err().contains("ttm: … and 9 more could not be measured"), none.err());
    }

    @Test
    void aShortSeriesIsMeasuredByTheBundledModelThatForecastsIt() throws IOException {
        Samples.hourly(folder.resolve("x.csv"), 0, 90, "a");
        Map<String, Object> json = json(CliRun.in(folder, "backtest", "x.csv", "--json", "--mode", "fast"));
        assertEquals("96-24", json.get("model"));
        assertEquals(24L, json.get("horizon"));
        assertEquals(45L, json.get("start"));
        String text = CliRun.in(folder, "backtest", "x.csv", "--mode", "fast", "--stride", "21", "--plot", "w.svg")
                .out();
        assertTrue(text.contains("2 windows of up to 66 + 24 rows"), text);
        assertTrue(Files.readString(folder.resolve("w.svg")).contains(">worst, from "));
        Samples.hourly(folder.resolve("x.csv"), 0, 20, "a");
        assertEquals(5L, json(CliRun.in(folder, "backtest", "x.csv", "--json")).get("horizon"), "half of ten");
        CliRun none = CliRun.in(folder, "backtest", "x.csv", "--mode", "fast");
        assertTrue(none.err().contains("20 rows hold no window: this model needs at least 3 rows of history and 24 "),
                none.err());
    }

    /** What is measured by default is what is forecast by default. */
    @Test
    void withoutOptionsTheCombinationIsMeasuredAtTwoHundredOriginsAtMost() throws IOException {
        Samples.hourly(folder.resolve("x.csv"), 0, 700, "a");
        CliRun run = CliRun.in(folder, "backtest", "x.csv", "--model", "model", "--json");
        Map<String, Object> json = json(run);
        assertEquals("model, combined (balanced)", json.get("model"));
        assertTrue((long) json.get("windows") <= 200, json.get("windows").toString());
        assertTrue(run.err().contains("--stride 1 takes all"), run.err());
    }

    @Test
    void whatIsWrongIsNamed() throws IOException {
        assertEquals(2, run("--window", "other").code());
        assertEquals(2, run("--levels", "0.8,1.2").code());
        assertEquals(2, run("--levels", "high").code());
        CliRun twice = run("--levels", "0.8,.80");
        assertEquals(2, twice.code());
        assertTrue(twice.err().contains("--levels: level 0.8 comes twice: expected each level once"), twice.err());
        assertEquals(2, run("--start", "1.5").code());
        assertEquals(2, run("--stride", "0").code());
        assertEquals(2, run("--html", "x.csv").code());
        CliRun late = run("--start", "290");
        assertEquals(1, late.code());
        assertTrue(late.err().contains("--start is row 290 of 300: expected 2 to 288"), late.err());
        assertEquals(1, run("--html", "nowhere/r.html").code());
        Samples.hourly(folder.resolve("x.csv"), 0, 10, "a");
        CliRun tooShort = run();
        assertEquals(1, tooShort.code());
        assertTrue(tooShort.err().contains("x.csv: 10 rows hold no window: this model needs at least 2"),
                tooShort.err());
    }

    @Test
    void tooFewWindowsForIntervalsIsSaid() throws IOException {
        CliRun run = run("--stride", "24", "--html", "r.html");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("none: they need 19 windows"), run.out());
        assertTrue(Files.readString(folder.resolve("r.html")).contains("There are no intervals"));
        assertEquals(null, map(json(run("--json", "--stride", "24")), "coverage").get("0.8"));
    }

    @Test
    void aReportStandsAlone() throws IOException {
        CliRun run = run("--html", "r.html");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().contains("report: "), run.err());
        String page = Files.readString(folder.resolve("r.html"));
        for (String part : List.of("<header>", "<nav ", "<main ", "<footer>", "&lt;b&gt;", "lang=\"en\"", "Worst")) {
            assertTrue(page.contains(part), part);
        }
        for (String part : List.of("<script", "http:", "https:", " style=", "url(", "<b>", "NaN", "Infinity")) {
            assertFalse(page.contains(part), part);
        }
        assertTrue(page.length() < 300_000, page.length() + " characters");
    }

    /** Opens the report in frames of several widths; without a browser there is nothing to ask. */
    @Tag("browser")
    @Test
    void aReportFitsAPhone() throws Exception {
        Assumptions.assumeTrue(Browser.find() != null, "no Chromium on the PATH");
        assertEquals(0, run("--html", "r.html").code());
        String report = Files.readString(folder.resolve("r.html")).replace("&", "&amp;").replace("\"", "&quot;");
        Path page = folder.resolve("frames.html");
        Files.writeString(page, """
                <!DOCTYPE html><iframe width="360" height="800" srcdoc="%1$s"></iframe>
                <iframe width="1100" height="800" srcdoc="%1$s"></iframe><p>?</p><script>
                onload = () => document.querySelector('p').textContent = [...document.querySelectorAll('iframe')]
                    .map(frame => frame.contentDocument)
                    .map(page => page.documentElement.scrollWidth - page.documentElement.clientWidth + ' '
                        + getComputedStyle(page.querySelector('.chart')).display)
                    .join(', ');
                </script>
                """.formatted(report));
        String dom = Browser.dom(page, folder);
        // Nothing sticks out, and the policy lets the style sheet through.
        assertTrue(dom.contains("<p>0 block, 0 block</p>"), dom.substring(Math.max(0, dom.length() - 600)));
    }
}
