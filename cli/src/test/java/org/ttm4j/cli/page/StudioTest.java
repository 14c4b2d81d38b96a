package org.ttm4j.cli.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.Select;
import org.ttm4j.cli.CliRun;
import org.ttm4j.serve.ForecastServer;
import org.ttm4j.serve.settings.Settings;

/** What one can do with the page of the service, in a real browser; screenshots are kept in target/studio. */
@Tag("browser")
class StudioTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path FILES = ROOT.resolve("data/src/test/resources/dialects");
    private static final Path SAMPLE = ROOT.resolve("data/samples/hourly-load.csv");
    private static final int MOST_BYTES = 400_000;

    @TempDir
    static Path folder;
    private static ForecastServer server;
    private static BrowserSession browser;
    private static String address;

    @BeforeAll
    static void startServiceAndBrowser() throws IOException {
        browser = new BrowserSession(folder);
        server = ForecastServer.start(Settings.defaults().withAddress("127.0.0.1", 0),
                new PrintStream(new ByteArrayOutputStream()));
        server.awaitReady();
        address = "http://127.0.0.1:" + server.port() + "/";
    }

    @AfterAll
    static void stop() {
        if (browser != null) browser.close();
        if (server != null) server.close();
    }

    @BeforeEach
    void open() {
        browser.screen(1440, 900, false);
        browser.driver.get("about:blank");
        browser.messages();
        browser.requests();
        browser.driver.get(address);
    }

    private static void drop(Path file) {
        browser.find("#file").sendKeys(file.toString());
        awaitForecast();
    }

    private static void awaitForecast() {
        browser.await(() -> (boolean) browser.run("""
                return document.getElementById('message').classList.contains('wrong') || !document.body.ariaBusy
                  && document.querySelectorAll('#plot path.forecast').length === 1;
                """));
        assertTrue(!isRefused(), browser.text("#message"));
        browser.awaitFrames();
    }

    private static boolean isRefused() {
        return browser.find("#message").getDomAttribute("class").contains("wrong");
    }

    private static void press(String button) {
        browser.find(button).click();
        browser.awaitFrames();
    }

    @Test
    void asksOnlyTheServiceThatItCameFrom() {
        long bytes = (long) browser.run("return document.documentElement.outerHTML.length");
        assertTrue(bytes <= MOST_BYTES, bytes + " characters");
        drop(SAMPLE);
        for (String request : browser.requests()) assertTrue(request.startsWith(address), request);
        assertEquals(List.of(), browser.messages());
    }

    @Test
    void theLessonIsServedWithoutAnyOtherRequestOrMessage() {
        browser.open(address + "learn");
        assertEquals(List.of(address + "learn"), browser.requests());
        assertEquals(List.of(), browser.messages());
        assertEquals(address, browser.find("#service a").getDomProperty("href"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"semicolon-decimal-comma.csv", "months-of-years.csv", "german-months.csv", "utf-16.csv",
            "pivot-merged.xlsx", "json-array.json", "lines.jsonl", "one-file.zip", "quarters.csv", "no-time.csv",
            "bank-statement.csv", "nixtla.csv"})
    void filesOfAllKindsAreShown(String name) {
        drop(FILES.resolve(name));
        assertTrue(browser.find("#plot path.forecast").getDomAttribute("d").length() > 10);
        assertTrue(browser.driver.findElements(By.cssSelector("#numbers tbody tr")).size() > 0);
        assertEquals(List.of(), browser.messages());
    }

    @Test
    void showsWhatTheServiceForecasts() {
        drop(SAMPLE);
        new Select(browser.find("#channel")).selectByIndex(1);
        browser.find("#horizon").sendKeys("12");
        browser.find("#options button").click();
        browser.await(() -> browser.driver.findElements(By.cssSelector("#numbers tbody tr")).size() == 12);
        List<String> rows = table("v1/forecast?horizon=12").lines().toList();
        String column = browser.find("#channel option:checked").getText();
        int index = List.of(rows.get(0).split(",")).indexOf(column);
        double expected = Double.parseDouble(rows.get(12).split(",")[index]);
        double shown = Double.parseDouble(browser.find("#numbers tbody tr:last-child td")
                .getDomProperty("textContent")
                .replace(",", "")
                .replace("\u2212", "-"));
        assertEquals(expected, shown, 0.05 + 1e-3 * Math.abs(expected));
        assertTrue(browser.text("#code").contains("v1/forecast?horizon=12"));
    }

    /** What the service answers to the file as a table. */
    private static String table(String route) {
        return (String) browser.driver.executeAsyncScript("""
                const [route, done] = arguments;
                fetch(route, {method: 'POST', headers: {'Content-Type': 'text/csv', Accept: 'text/csv'},
                    body: document.getElementById('file').files[0]}).then(answer => answer.text()).then(done);
                """, route);
    }

    @Test
    void thePartsOfAForecastAreShownAndAddUp() throws IOException {
        drop(SAMPLE);
        assertTrue(browser.driver.findElements(By.cssSelector("#parts li")).size() > 1);
        assertTrue(browser.text("#steps").contains("level"), browser.text("#steps"));
        double rest = ((Number) browser.run("""
                return d3.max(view.forecast, (value, h) =>
                    Math.abs(value - d3.sum(Object.values(view.components), part => part[h])));
                """)).doubleValue();
        assertEquals(0, rest, 1e-3);
        assertEquals(List.of(), browser.accessibilityIssues("html"));
    }

    @Test
    void aHolidayMayBeSwitched() throws IOException {
        drop(promotions(400));
        new Select(browser.find("#driver")).selectByValue("public holidays");
        awaitWhatIf();
        int steps = browser.driver.findElements(By.cssSelector("#driver-plot rect")).size();
        sumWith("1 ".repeat(steps));
        assertEquals("1 ".repeat(steps).strip(), browser.find("#driver-values").getDomProperty("value"));
        assertTrue((boolean) browser.run("return driver.categorical && driver.future.some(kind => kind > 1)"));
    }

    @Test
    void aTableThatCannotBeReadIsExplained() throws IOException {
        Path file = Files.writeString(folder.resolve("words.csv"), "time,load\n2024-01-01,1\n2024-01-02,many\n");
        browser.find("#file").sendKeys(file.toString());
        browser.await(StudioTest::isRefused);
        assertTrue(browser.text("#message").contains("line 3"), browser.text("#message"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-01-01,5\n2024-01-02,7\n2024-01-03,5\n2024-01-04,8\n2024-01-05,6\n2024-01-06,9",
            "1,5; 2,7; 1,5; 2,6; 1,4; 2,8", "1e2 2e2 1e2 2e2 1e2 2e2", "1,2,1,2,1,2,1,2"})
    void rowsWithoutAHeaderMayBePasted(String rows) {
        press("#paste summary");
        browser.run("document.getElementById('text').value = arguments[0]", rows);
        press("#pasted");
        awaitForecast();
        assertEquals(List.of(), browser.messages());
    }

    @Test
    void pastedNumbersAreForecast() {
        press("#paste summary");
        browser.find("#text").sendKeys("1 2 3 4 1 2 3 4 1 2 3 4 1 2 3 4 1 2 3 4");
        press("#pasted");
        awaitForecast();
        assertEquals("value", browser.text("#chart-title"));
    }

    @Test
    void theChartIsReadAndZoomedByKeys() {
        drop(SAMPLE);
        String before = browser.find("#plot path.history").getDomAttribute("d");
        browser.find("#plot").sendKeys("+", Keys.ARROW_RIGHT);
        browser.awaitFrames();
        assertTrue(browser.text("#reading").contains("forecast"), browser.text("#reading"));
        assertTrue(!before.equals(browser.find("#plot path.history").getDomAttribute("d")));
        press("#all");
    }

    @Test
    void unusualValuesAreFound() throws IOException {
        StringBuilder rows = new StringBuilder("day,sales\n");
        for (int t = 0; t < 120; t++) {
            rows.append(LocalDate.of(2024, 1, 1).plusDays(t)).append(',');
            rows.append(t == 100 ? 900 : 100 + 20 * Math.sin(t * 2 * Math.PI / 7) + t * t % 5).append('\n');
        }
        drop(Files.writeString(folder.resolve("sales.csv"), rows));
        press("#search");
        browser.await(() -> browser.find("#unusual-box").isDisplayed());
        assertEquals("2024-04-10", browser.text("#unusual tbody tr:first-child th"));
        assertTrue(browser.driver.findElements(By.cssSelector("#plot circle.unusual")).size() > 0);
        assertEquals(List.of(), browser.accessibilityIssues("html"));
    }

    /** Sales that follow a promotion, which comes and goes. */
    private static Path promotions(int days) throws IOException {
        StringBuilder rows = new StringBuilder("day,sales,promotion\n");
        Random random = new Random(7);
        for (int t = 0; t < days; t++) {
            int promotion = random.nextInt(6) == 0 ? 1 : 0;
            rows.append(LocalDate.of(2024, 1, 1).plusDays(t)).append(',');
            rows.append(100 + 20 * Math.sin(t * 2 * Math.PI / 7) + t * t % 5 + 60 * promotion);
            rows.append(',').append(promotion).append('\n');
        }
        return Files.writeString(folder.resolve("promotions.csv"), rows);
    }

    private static void awaitWhatIf() {
        browser.await(() -> (boolean) browser.run("""
                return document.getElementById('message').classList.contains('wrong') || !document.body.ariaBusy
                  && document.getElementById('if-text').innerText.includes('sum of the forecasts');
                """));
        assertTrue(!isRefused(), browser.text("#message"));
    }

    @Test
    void aPromotionMayBeSwitchedAndTyped() throws IOException {
        drop(promotions(400));
        new Select(browser.find("#driver")).selectByValue("promotion");
        awaitWhatIf();
        assertEquals(1, browser.driver.findElements(By.cssSelector("#plot path.other")).size());
        int steps = browser.driver.findElements(By.cssSelector("#driver-plot rect")).size();
        double none = sumWith("0 ".repeat(steps));
        double all = sumWith("1 ".repeat(steps));
        assertTrue(all - none > 30 * steps, none + " without, " + all + " with");
        String before = browser.find("#driver-values").getDomProperty("value");
        new Actions(browser.driver).moveToElement(browser.find("#driver-plot")).click().perform();
        browser.await(() -> !before.equals(browser.find("#driver-values").getDomProperty("value")));
        browser.run("document.getElementById('driver-values').value = '1 2'");
        press("#if-ask");
        assertTrue(browser.text("#if-text").contains("Expected " + steps), browser.text("#if-text"));
        new Select(browser.find("#driver")).selectByValue("public holidays");
        awaitWhatIf();
        assertEquals(List.of(), browser.accessibilityIssues("html"));
        assertEquals(List.of(), browser.messages());
    }

    private static double sumWith(String values) {
        browser.run("document.getElementById('driver-values').value = arguments[0]", values);
        browser.run("document.getElementById('if-text').textContent = ''");
        press("#if-ask");
        awaitWhatIf();
        return ((Number) browser.run("return d3.sum(view.other)")).doubleValue();
    }

    @Test
    void aBacktestRunsAndEndsInItsReport() throws IOException {
        drop(promotions(120));
        press("#backtest");
        browser.await(() -> browser.find("#report").isDisplayed());
        assertTrue(browser.text("#past-text").contains("windows"), browser.text("#past-text"));
        assertEquals(List.of(), browser.accessibilityIssues("html"));
        browser.driver.get(browser.find("#report").getDomProperty("href"));
        assertEquals("promotions.csv", browser.text("h1"));
    }

    @Test
    void aBacktestMayBeStopped() throws IOException {
        drop(promotions(400));
        press("#backtest");
        browser.await(() -> browser.find("#stop").isDisplayed());
        press("#stop");
        assertTrue(browser.find("#backtest").isEnabled());
        assertEquals("", browser.text("#past-text"));
    }

    @Test
    void aTokenIsAskedForWhereTheServiceWantsOne() throws IOException {
        String token = "a token of the test";
        try (ForecastServer guarded = ForecastServer.start(
                Settings.defaults().withAddress("127.0.0.1", 0).withAccess(token.replace(' ', '-'), false, null),
                new PrintStream(new ByteArrayOutputStream()))) {
            guarded.awaitReady();
            browser.driver.get("http://127.0.0.1:" + guarded.port() + "/");
            browser.find("#file").sendKeys(promotions(120).toString());
            browser.await(() -> browser.find("#token").isDisplayed());
            browser.find("#token").sendKeys(token.replace(' ', '-'), Keys.ENTER);
            awaitForecast();
            press("#backtest");
            browser.await(() -> browser.find("#report").isDisplayed());
            assertTrue(browser.find("#report").getDomProperty("href").startsWith("blob:"));
            browser.messages(); // the browser tells of the answer 401
        }
    }

    @Test
    void theFileOfTheProgramIsTheSameWithoutTheService() throws IOException {
        Path table = Files.writeString(folder.resolve("x.csv"),
                "day,a,</script>\n" + IntStream.range(0, 90)
                        .mapToObj(t -> LocalDate.of(2024, 1, 1).plusDays(t) + "," + (t % 7 + t * t % 3) + "," + t % 5)
                        .collect(Collectors.joining("\n")));
        CliRun run = CliRun.in(folder, "forecast", table.toString(), "--plot", "x.html", "--horizon", "14",
                "--components", "c.csv");
        assertEquals(0, run.code(), run.err());
        browser.requests();
        browser.driver.get(folder.resolve("x.html").toUri().toString());
        awaitForecast();
        assertEquals("x.csv", browser.text("h1"));
        assertEquals(14, browser.driver.findElements(By.cssSelector("#numbers tbody tr")).size());
        String last = run.out().lines().toList().get(14).split(",")[1];
        double shown = ((Number) browser.run("return view.forecast.at(-1)")).doubleValue();
        assertEquals(Double.parseDouble(last), shown, 1e-3 * Math.abs(shown) + 1e-6);
        assertTrue(browser.text("#steps").contains("level"), browser.text("#steps"));
        for (String service : List.of("#drop", "#search", "#if-box", "#past-box", "#options button")) {
            assertTrue(!browser.find(service).isDisplayed(), service);
        }
        new Select(browser.find("#channel")).selectByIndex(1);
        assertEquals("</script>", browser.text("#chart-title"));
        assertEquals(List.of(), browser.accessibilityIssues("html"));
        for (String request : browser.requests()) assertTrue(request.startsWith("file:"), request);
        assertEquals(List.of(), browser.messages());
    }

    @Test
    void fitsEveryScreenAndIsAccessible() throws IOException {
        Path pictures = Files.createDirectories(Path.of("target/studio"));
        drop(SAMPLE);
        new Select(browser.find("#driver")).selectByIndex(1);
        awaitWhatIf();
        boolean dark = false;
        for (int width : new int[]{360, 768, 1024, 1440}) {
            browser.screen(width, 900, dark);
            browser.run("document.querySelectorAll('details').forEach(details => { details.open = true; })");
            browser.awaitFrames();
            assertTrue((long) browser.run("return document.documentElement.scrollWidth") <= width, "over " + width);
            assertEquals(List.of(),
                    browser.run(
                            """
                                    const boxes = [...document.querySelectorAll('#plot text, #driver-plot text')].map(node => node.getBoundingClientRect());
                                    return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b => a.left < b.right && b.left < a.right
                                        && a.top < b.bottom && b.top < a.bottom).map(b => a.left + ' over ' + b.left));
                                    """),
                    "labels over labels at " + width);
            assertEquals(List.of(), browser.accessibilityIssues("html"), width + (dark ? " dark" : " light"));
            Files.write(pictures.resolve(width + (dark ? "-dark" : "-light") + ".png"),
                    browser.driver.getScreenshotAs(OutputType.BYTES));
            dark = !dark; // colours do not depend on the width
        }
    }
}
