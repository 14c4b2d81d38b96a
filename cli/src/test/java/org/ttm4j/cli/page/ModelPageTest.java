package org.ttm4j.cli.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.Rectangle;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.ttm4j.cli.CliRun;
import org.ttm4j.data.csv.CsvOptions;
import org.ttm4j.data.csv.CsvReader;
import org.ttm4j.serve.ForecastServer;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.PastForecasts;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.interval.ConformalIntervals;
import org.ttm4j.ttm.interval.LocalScales;
import org.ttm4j.ttm.rolling.Calibration;
import org.ttm4j.ttm.rolling.Rows;

/** The page that shows the model, in a real browser: what it computes, and what one can do with it. */
class ModelPageTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path SAMPLE = ROOT.resolve("data/samples/hourly-load.csv");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int CONTEXT = 512;
    private static final double TOLERANCE = 1e-4;
    private static final int MOST_BYTES = 4_000_000;

    @TempDir
    private static Path folder;
    private static Path file;
    private static BrowserSession browser;

    @BeforeAll
    static void makePage() {
        browser = new BrowserSession(folder);
        file = folder.resolve("page.html");
        CliRun run = CliRun.in(folder, "explain", SAMPLE.toString(), "--html", "page.html");
        assertEquals(0, run.code(), run.err());
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) browser.close();
    }

    @BeforeEach
    void open() {
        browser.screen(1280, 900, false);
        browser.open(file.toUri().toString());
    }

    @Test
    void opensFromAFileWithoutAnyRequestOrMessage() throws IOException {
        assertTrue(Files.size(file) <= MOST_BYTES, Files.size(file) + " bytes");
        assertEquals(List.of(file.toUri().toString()), browser.requests());
        assertEquals(List.of(), browser.messages());
    }

    @Test
    void opensFromTheServiceWithoutAnyOtherRequestOrMessage() throws IOException {
        Settings settings = Settings.defaults().withAddress("127.0.0.1", 0);
        try (ForecastServer server = ForecastServer.start(settings, new PrintStream(new ByteArrayOutputStream()))) {
            String address = "http://127.0.0.1:" + server.port() + "/";
            browser.open(address);
            assertEquals(List.of(address), browser.requests());
            assertEquals(List.of(), browser.messages());
            assertTrue(browser.find("#service a").getDomProperty("href").endsWith("/try"));
        }
    }

    @Test
    void numbersEqualThoseOfJavaAlsoWhenAPatchIsErased() throws IOException, InterruptedException {
        float[] history = CsvReader.read(SAMPLE, CsvOptions.defaults()).series().get(0).channel(0);
        browser.find("#forecast summary").click();
        assertForecasts(history);
        browser.find("#strip button:nth-child(7)").click();
        browser.find("#card button").click();
        browser.awaitComputed();
        int from = history.length - CONTEXT + 6 * 64;
        Arrays.fill(history, from, from + 64, Float.NaN);
        assertForecasts(history);
    }

    /** Forecast and intervals are those of {@code ttm forecast --model 512-96 --mode fast}. */
    private static void assertForecasts(float[] history) throws InterruptedException {
        Forecaster forecaster = Forecaster.bundled("512-96");
        ForecastRequest request = ForecastRequest.of(new float[][]{history}).withFrequency(HOUR);
        Forecast forecast = forecaster.forecast(request);
        double tolerance = TOLERANCE * deviation(history);
        assertEquals(96, browser.column("forecast").length);
        assertClose(forecast.values()[0], browser.column("forecast"), tolerance);
        ConformalIntervals intervals = Calibration.within(PastForecasts.of(forecaster, request), request.floatHistory(),
                new Rows(0, history.length), PastForecasts.rolling(forecaster, forecast, history.length),
                new double[]{0.1, 0.9}, 20, 1);
        float[][][] quantiles = intervals.quantiles(forecast.values(),
                LocalScales.of(new float[][]{history}, history.length, CONTEXT, new int[]{0}));
        assertClose(quantiles[0][0], browser.column("10 %"), tolerance);
        assertClose(quantiles[1][0], browser.column("90 %"), tolerance);
    }

    /** All that the page draws between the history and the forecast, by the names of the checkpoint. */
    @Test
    void everyStageEqualsThatOfJava() throws IOException {
        float[] history = CsvReader.read(SAMPLE, CsvOptions.defaults()).series().get(0).channel(0);
        Trace trace = Forecaster.bundled("512-96")
                .trace(ForecastRequest.of(new float[][]{history}).withFrequency(HOUR));
        Map<String, String> stages = new LinkedHashMap<>();
        stages.put("backbone.scaler", "trace.scaled");
        stages.put("backbone.patching", "trace.patches.values");
        stages.put("backbone.encoder.tokens", "trace.tokens.values");
        for (int j = 0; j < 3; j++) {
            for (int k = 0; k < 2; k++) {
                addLayer(stages, "backbone.encoder.mlp_mixer_encoder.mixers." + j + ".mixer_layers." + k,
                        "trace.levels[" + j + "].layers[" + k + "]");
            }
        }
        stages.put("decoder.adapter", "trace.adapted.values");
        for (int k = 0; k < 2; k++) {
            addLayer(stages, "decoder.decoder_block.mixers." + k, "trace.decoder.layers[" + k + "]");
        }
        stages.put("head.base_forecast_block", "trace.head");
        defineModel();
        browser.run("const {series} = JSON.parse(document.getElementById('data').textContent);"
                + "window.trace = forward(model, series[0].values.map(x => x ?? NaN), 7);");
        for (Map.Entry<String, String> stage : stages.entrySet()) {
            float[] expected = trace.tensor(stage.getKey()).array().values();
            double largest = 0;
            for (float value : expected) largest = Math.max(largest, Math.abs(value));
            assertClose(expected, browser.numbers("return [..." + stage.getValue() + "];"), TOLERANCE * largest);
        }
    }

    private static void addLayer(Map<String, String> stages, String name, String object) {
        stages.put(name + ".patch_mixer.gating_block", object + ".patchGate.values");
        stages.put(name + ".feature_mixer.gating_block", object + ".featureGate.values");
        stages.put(name, object + ".output.values");
    }

    private static void defineModel() {
        browser.run("""
                window.model = readModel(JSON.parse(document.getElementById('data').textContent).config,
                  Uint8Array.from(atob(document.getElementById('weights').textContent), c => c.charCodeAt(0)));
                """);
    }

    /** ttm.js on histories that are hard: gaps, few values, large and small numbers, none that varies. */
    @Test
    void theForwardPassEqualsThatOfJava() {
        defineModel();
        Random random = new Random(5);
        Map<String, double[]> histories = new LinkedHashMap<>();
        histories.put("noise", series(600, t -> random.nextGaussian()));
        histories.put("gaps", series(700, t -> random.nextInt(3) == 0 ? Double.NaN : Math.sin(t / 4.0) + t / 200.0));
        histories.put("ends missing", series(512, t -> t < 100 || t > 480 ? Double.NaN : Math.cos(t / 7.0)));
        histories.put("short", series(40, t -> t % 7));
        histories.put("large", series(512, t -> 1e9 + 10 * Math.sin(t / 4.0)));
        histories.put("small", series(512, t -> 1e-9 * random.nextGaussian()));
        histories.put("nothing lately", series(700, t -> t < 150 ? t : Double.NaN));
        histories.put("constant", series(512, t -> 3));
        for (Map.Entry<String, double[]> one : histories.entrySet()) {
            for (int token : new int[]{0, 7}) {
                ForecastRequest request = ForecastRequest.of(new double[][]{one.getValue()});
                if (token == 7) request = request.withFrequency(HOUR);
                double[] expected = Forecaster.bundled("512-96").forecast(request).doubleValues()[0];
                double[] actual = browser.numbers(
                        "return [...forward(model, arguments[0].map(x => x ?? NaN), arguments[1]).forecast];",
                        Arrays.stream(one.getValue()).mapToObj(x -> Double.isNaN(x) ? null : x).toList(), token);
                int from = Math.max(0, one.getValue().length - CONTEXT);
                double[] seen = Arrays.copyOfRange(one.getValue(), from, one.getValue().length);
                assertArrayEquals(expected, actual, Math.max(TOLERANCE * deviation(seen), 1e-12), one.getKey());
            }
        }
    }

    @Test
    void aDragMovesTheForecast() {
        browser.find("#forecast summary").click();
        double[] before = browser.column("forecast");
        Rectangle plot = browser.find("#plot").getRect();
        String line = forecastLine();
        new Actions(browser.driver).moveToElement(browser.find("#plot > svg"), plot.width / 8, 0)
                .clickAndHold()
                .moveByOffset(0, plot.height / 4)
                .perform();
        browser.await(() -> !forecastLine().equals(line)); // while it is still held
        new Actions(browser.driver).release().perform();
        browser.awaitComputed();
        double[] after = browser.column("forecast");
        assertTrue(largestDifference(before, after) > 0.01 * deviation(before), "the forecast has not moved");
        browser.find("#reset").click();
        browser.awaitComputed();
        assertArrayEquals(before, browser.column("forecast"));
    }

    private static String forecastLine() {
        return browser.find("#plot path.forecast").getDomAttribute("d");
    }

    @Test
    void withReducedMotionNothingGlides() {
        assertTrue(linesThatGlide(3) > 0);
        browser.awaitComputed();
        browser.reduceMotion();
        assertEquals(0, linesThatGlide(4));
    }

    /** Shows a preset; how many lines of the chart are in a transition of D3 once they are drawn. */
    private static long linesThatGlide(int preset) {
        return (long) browser.driver.executeAsyncScript(
                """
                        const [preset, done] = arguments;
                        document.querySelectorAll('#presets button')[preset].click();
                        requestAnimationFrame(() => done([...document.querySelectorAll('#plot path')].filter(p => p.__transition).length));
                        """,
                preset);
    }

    @Test
    void aFingerDragsToo() {
        browser.driver.executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", true));
        browser.open(file.toUri().toString());
        browser.find("#forecast summary").click();
        browser.run("scrollTo(0, 0)");
        double[] before = browser.column("forecast");
        Rectangle plot = browser.find("#plot").getRect();
        for (String type : List.of("touchStart", "touchMove", "touchEnd")) {
            Map<String, Object> point = Map.of("x", plot.x + plot.width / 2, "y",
                    plot.y + plot.height / (type.equals("touchStart") ? 2 : 3));
            browser.driver.executeCdpCommand("Input.dispatchTouchEvent",
                    Map.of("type", type, "touchPoints", type.equals("touchEnd") ? List.of() : List.of(point)));
        }
        browser.awaitComputed();
        assertTrue(largestDifference(before, browser.column("forecast")) > 0, "the forecast has not moved");
        browser.driver.executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", false));
    }

    @Test
    void everythingWorksByKeys() {
        browser.find("#forecast summary").sendKeys(Keys.ENTER);
        double[] before = browser.column("forecast");
        browser.find(".handle").sendKeys(Keys.ARROW_LEFT, Keys.ARROW_UP, Keys.ARROW_UP, Keys.ARROW_UP);
        browser.awaitComputed();
        double[] dragged = browser.column("forecast");
        assertTrue(largestDifference(before, dragged) > 0, "keys on the handle");
        browser.find("#strip button:nth-child(8)").sendKeys("e");
        browser.awaitComputed();
        double[] erased = browser.column("forecast");
        assertTrue(largestDifference(dragged, erased) > 0, "e on a patch");
        browser.find("#trend").sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
        browser.awaitComputed();
        assertTrue(largestDifference(erased, browser.column("forecast")) > 0, "arrows on the trend");
        assertTrue(browser.find("#strip button:nth-child(8)").getDomAttribute("aria-label").contains("erased"));
    }

    @Test
    void leadsToAStage() {
        browser.open(file.toUri() + "#stage=gates");
        assertEquals("#stage=gates", browser.find("#stages a[aria-current]").getDomAttribute("href"));
        long top = Math
                .round(((Number) browser.run("return document.getElementById('gates').getBoundingClientRect().top"))
                        .doubleValue());
        assertTrue(top >= 0 && top < 200, "the stage begins at " + top + " px");
        browser.run("location.hash = 'stage=head'");
        browser.awaitComputed();
        assertEquals("#stage=head", browser.find("#stages a[aria-current]").getDomAttribute("href"));
    }

    @Test
    void showsPresetsAndOnesOwnFile() throws IOException {
        for (WebElement preset : browser.driver.findElements(org.openqa.selenium.By.cssSelector("#presets button"))) {
            preset.click();
            browser.awaitComputed();
            assertEquals("true", preset.getDomAttribute("aria-pressed"));
        }
        Path own = folder.resolve("own.csv");
        StringBuilder rows = new StringBuilder("day;sold <b>\n");
        for (int t = 0; t < 300; t++) rows.append("2024-01-").append(t).append(";").append(t % 7).append(",5\n");
        Files.writeString(own, rows);
        browser.find("#file").sendKeys(own.toString());
        browser.await(() -> browser.text(".series-name").equals("sold <b>"));
        browser.awaitComputed();
        assertEquals("Your file", browser.text("#presets button[aria-pressed=true]"));
        Files.writeString(own, "nothing\nto see\n");
        browser.find("#file").sendKeys(own.toString());
        browser.await(() -> browser.text("#message").contains("own.csv: no column with 16 numbers"));
        assertEquals(List.of(), browser.messages());
    }

    @Test
    void fitsEveryScreen() {
        for (int width : new int[]{360, 768, 1280, 2560}) {
            browser.screen(width, 800, false);
            assertEquals((long) width, browser.run("return innerWidth"));
            assertEquals(List.of(),
                    browser.run(
                            """
                                    return [...document.querySelectorAll('body *')]
                                      .filter(node => node.getBoundingClientRect().right > innerWidth && !node.closest('#stages, .table, pre, .unseen'))
                                      .map(node => node.outerHTML.slice(0, 100));
                                    """),
                    "wider than " + width);
            assertTrue((long) browser.run("return document.documentElement.scrollWidth") <= width,
                    "wider than " + width);
        }
    }

    @Test
    void isAccessible() throws IOException {
        for (Dimension screen : List.of(new Dimension(360, 740), new Dimension(1280, 900))) {
            for (boolean dark : new boolean[]{false, true}) {
                browser.screen(screen.width, screen.height, dark);
                browser.run("document.querySelectorAll('details').forEach(details => { details.open = true; })");
                browser.awaitComputed();
                assertEquals(List.of(), browser.accessibilityIssues(), screen + (dark ? " dark" : " light"));
            }
        }
    }

    @Test
    void everyStageNamesItsFormulaAndItsSource() throws IOException {
        List<?> paths = (List<?>) browser
                .run("return [...document.querySelectorAll('.foot code[title]')].map(c => c.title)");
        assertEquals(16, paths.size());
        for (Object path : paths) {
            String[] parts = path.toString().split("#");
            assertTrue(Files.exists(ROOT.resolve(parts[0])), "no file " + path);
            if (parts.length == 1) continue;
            String heading = parts[1].replace('-', ' ');
            assertTrue(Files.readAllLines(ROOT.resolve(parts[0]))
                    .stream()
                    .anyMatch(
                            line -> line.startsWith("#") && line.toLowerCase(java.util.Locale.ROOT).endsWith(heading)),
                    path + "");
        }
        assertFalse(browser.text("#levels .foot").isEmpty());
    }

    private static double[] series(int length, java.util.function.IntToDoubleFunction value) {
        double[] series = new double[length];
        for (int t = 0; t < length; t++) series[t] = value.applyAsDouble(t);
        return series;
    }

    private static void assertClose(float[] expected, double[] actual, double tolerance) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) assertEquals(expected[i], actual[i], tolerance, "at step " + (i + 1));
    }

    private static double deviation(float[] history) {
        double[] values = new double[CONTEXT];
        for (int t = 0; t < CONTEXT; t++) values[t] = history[history.length - CONTEXT + t];
        return deviation(values);
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).filter(x -> x == x).average().orElse(0);
        return Math
                .sqrt(Arrays.stream(values).filter(x -> x == x).map(x -> (x - mean) * (x - mean)).average().orElse(0));
    }

    private static double largestDifference(double[] a, double[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
        return largest;
    }
}
