package org.ttm4j.cli.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.Rectangle;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** What one can do with the page that shows the model, in a real browser. */
@Tag("browser")
class ModelPageTest extends SamplePage {
    private static final int MOST_BYTES = 4_000_000;

    @Test
    void opensFromAFileWithoutAnyRequestOrMessage() throws IOException {
        assertTrue(Files.size(file) <= MOST_BYTES, Files.size(file) + " bytes");
        assertEquals(List.of(file.toUri().toString()), browser.requests());
        assertEquals(List.of(), browser.messages());
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
        assertTrue(largestDifference(before, after) > 0.1, "the forecast has not moved");
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
        // The page scrolls past the stages between.
        browser.await(() -> "#stage=head".equals(browser.find("#stages a[aria-current]").getDomAttribute("href")));
    }

    @Test
    void showsPresetsAndOnesOwnFile() throws IOException {
        for (WebElement preset : browser.driver.findElements(By.cssSelector("#presets button"))) {
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
        browser.run(
                """
                        const data = new DataTransfer();
                        data.items.add(new File([arguments[0]], 'dropped.csv'));
                        document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
                        """,
                rows.toString().replace("sold <b>", "dropped"));
        browser.await(() -> browser.text(".series-name").equals("dropped"));
        Files.writeString(own, "nothing\nto see\n");
        browser.find("#file").sendKeys(own.toString());
        browser.await(() -> browser.text("#message").contains("own.csv: no column with 16 numbers"));
        assertEquals(List.of(), browser.messages());
    }

    @Test
    void fitsEveryScreen() {
        for (int width : new int[]{360, 500, 768, 1440, 2560}) {
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
        boolean dark = false;
        for (Dimension screen : List.of(new Dimension(360, 740), new Dimension(500, 800), new Dimension(768, 1024),
                new Dimension(1440, 900))) {
            browser.screen(screen.width, screen.height, dark);
            browser.run("document.querySelectorAll('details').forEach(details => { details.open = true; })");
            browser.awaitComputed();
            assertEquals(List.of(), browser.accessibilityIssues("html"), screen + (dark ? " dark" : " light"));
            browser.run("location.hash = '#source=docs/model.md#shapes'");
            browser.await(() -> browser.find("#source").isDisplayed());
            assertEquals(List.of(), browser.accessibilityIssues("#source"), screen + " with a source");
            browser.run("history.back()");
            browser.await(() -> !browser.find("#source").isDisplayed());
            dark = !dark; // colours do not depend on the width
        }
    }

    @Test
    void noTextLiesOnAnother() {
        List<String> found = new ArrayList<>();
        for (int width : new int[]{360, 500, 768, 1440}) {
            browser.screen(width, 800, false);
            browser.open(file.toUri().toString());
            browser.run("document.querySelectorAll('details').forEach(details => { details.open = true; })");
            browser.awaitComputed();
            browser.awaitFrames();
            for (Object pair : browser.overlaps()) found.add(width + ": " + pair);
            assertEquals(List.of(), browser.messages());
        }
        assertEquals(List.of(), found);
    }

    @Test
    void everyStageLinksToItsFormulaAndToTheJava() throws IOException {
        List<?> links = (List<?>) browser
                .run("return [...document.querySelectorAll('.stage a[href^=\"#source=\"]')].map(a => a.hash)");
        assertEquals(18, links.size());
        for (Object link : links) {
            browser.run("location.hash = arguments[0]", link);
            browser.await(() -> browser.find("#source").isDisplayed());
            String[] parts = link.toString().substring("#source=".length()).split("#");
            assertEquals(parts[0], browser.text("#source-name"));
            String text = (String) browser.run("return document.getElementById('source-text').textContent");
            String whole = Files.readString(ROOT.resolve(parts[0]));
            if (parts.length == 1) {
                assertEquals(whole, text);
            } else {
                assertTrue(
                        text.length() < whole.length() / 2
                                && text.toLowerCase(Locale.ROOT).startsWith(parts[1].replace('-', ' ')),
                        link + ": " + text);
                for (String mark : List.of("**", "](", "|--", "```", "## ")) {
                    assertFalse(text.contains(mark), mark + " in " + text);
                }
            }
            browser.find("#source button").click();
            browser.await(() -> !((String) browser.run("return location.hash")).startsWith("#source="));
        }
        assertEquals(List.of(), browser.messages());
    }

    @Test
    void everyStageShowsLinesOfTtmJava() throws IOException {
        List<String> file = Files.readAllLines(ROOT.resolve("examples/Ttm.java"));
        List<WebElement> stages = browser.driver.findElements(By.cssSelector(".stage .java"));
        assertEquals(9, stages.size());
        for (WebElement stage : stages) {
            List<String> expected = new ArrayList<>();
            String numbers = stage.findElement(By.tagName("p")).getText().replaceAll(".* lines? ", "");
            for (String range : numbers.split(", ")) {
                String[] ends = range.split("–");
                file.subList(Integer.parseInt(ends[0]) - 1, Integer.parseInt(ends[ends.length - 1]))
                        .forEach(line -> expected.add(line.strip()));
                expected.add("");
            }
            String shown = stage.findElement(By.tagName("pre")).getDomProperty("textContent") + "\n";
            assertEquals(expected, shown.lines().toList());
        }
        String forecast = browser.find("#forecast .java pre").getDomProperty("textContent");
        assertTrue(forecast.contains("double[][] forecast(double[] history, int resolution) {"), forecast);
        assertTrue(forecast.endsWith("return forecast;\n}\n"), forecast);
    }

    @Test
    void aSourceThatIsCalledForWhileAnotherClosesIsShown() throws IOException {
        browser.run("location.hash = '#source=docs/model.md#shapes'");
        browser.await(() -> browser.find("#source").isDisplayed());
        // The browser may say that a dialog has closed after the address has changed.
        browser.run("const source = document.getElementById('source'); source.close();"
                + "location.hash = '#source=docs/model.md#loss'; source.dispatchEvent(new Event('close'))");
        browser.await(() -> browser.find("#source").isDisplayed());
        assertTrue(browser.text("#source-text").startsWith("Loss"), browser.text("#source-text"));
        browser.find("#source button").click();
    }

    private static double largestDifference(double[] a, double[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
        return largest;
    }
}