package org.ttm4j.cli.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.ttm4j.cli.report.Browser;

/** A real Chromium without a window, for tests of the page; they are skipped where it is not installed. */
final class BrowserSession implements AutoCloseable {
    private static final Pattern REQUEST = Pattern.compile("\"Network.requestWillBeSent\".*?\"url\":\"([^\"]*)\"");
    private static final List<String> QUIET = List.of("--headless=new", "--no-sandbox", "--disable-gpu",
            "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--hide-scrollbars");

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    final ChromeDriver driver;

    BrowserSession(Path scratch) {
        Path chromedriver = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(folder -> Path.of(folder, "chromedriver"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(Browser.find() != null && chromedriver != null,
                "no Chromium with its driver on the PATH: apt-get install chromium chromium-driver");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(Browser.find().toString());
        options.addArguments(QUIET);
        options.addArguments("--user-data-dir=" + scratch.resolve("profile"));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        options.setScriptTimeout(PATIENCE);
        driver = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(chromedriver.toFile())
                .usingAnyFreePort()
                .build(), options);
    }

    /** Opens an address anew and waits until the page has computed everything. */
    void open(String address) {
        driver.get("about:blank");
        messages();
        requests();
        driver.get(address);
        awaitComputed();
    }

    /** Waits until what follows a change is computed: shares, the sentence about them. */
    void awaitComputed() {
        driver.executeAsyncScript("""
                const done = arguments[0], bench = document.querySelector('.bench');
                const isIdle = () => bench.getAttribute('aria-busy') === 'false';
                if (isIdle()) return done();
                const observer = new MutationObserver(() => {
                  if (isIdle()) { observer.disconnect(); done(); }
                });
                observer.observe(bench, {attributes: true});
                """);
    }

    void await(BooleanSupplier condition) {
        new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50)).until(any -> condition.getAsBoolean());
    }

    /** Waits until what was asked for is drawn: a frame may compute, and the next one draw. */
    void awaitFrames() {
        driver.executeAsyncScript("const done = arguments[0];"
                + "requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)));");
    }

    /** A screen of this width and height in CSS pixels, light or dark. */
    void screen(int width, int height, boolean dark) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        media("prefers-color-scheme", dark ? "dark" : "light");
        awaitFrames();
    }

    /** As a person who is made ill by motion asks for; until the next screen. */
    void reduceMotion() {
        media("prefers-reduced-motion", "reduce");
    }

    private void media(String feature, String value) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", feature, "value", value))));
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    String text(String css) {
        return find(css).getText();
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Numbers that a script returns; null is NaN. */
    double[] numbers(String script, Object... arguments) {
        return ((List<?>) run(script, arguments)).stream()
                .mapToDouble(value -> value == null ? Double.NaN : ((Number) value).doubleValue())
                .toArray();
    }

    /** A column of the table of numbers, all digits. */
    double[] column(String name) {
        await(() -> (long) run("return numbers.rows.length") > 90);
        return numbers(
                """
                        const index = [...document.querySelectorAll('#numbers thead th')].findIndex(h => h.textContent === arguments[0]);
                        return [...document.querySelectorAll('#numbers tbody tr')].map(row => +row.cells[index].firstChild.value);
                        """,
                name);
    }

    /** What the page has written to the console since this was last asked. */
    List<String> messages() {
        List<String> messages = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) messages.add(entry.toString());
        return messages;
    }

    /** The addresses that the browser has asked for since this was last called. */
    List<String> requests() {
        List<String> addresses = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            Matcher request = REQUEST.matcher(entry.getMessage());
            if (request.find() && !request.group(1).startsWith("data:")) addresses.add(request.group(1));
        }
        return addresses;
    }

    /** What axe-core finds in an element and all that is in it, in words. */
    List<?> accessibilityIssues(String css) throws IOException {
        if (run("return window.axe?.version") == null) {
            try (var axe = BrowserSession.class.getResourceAsStream("/axe.min.js")) {
                driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return (List<?>) driver.executeAsyncScript(
                """
                        const [css, done] = arguments;
                        axe.run(css, {resultTypes: ['violations']}).then(result => done(result.violations.flatMap(issue => issue.nodes.map(node => issue.id + ': ' + node.target.join(' ') + ' ' + node.failureSummary))));
                        """,
                css);
    }

    /** Pairs of visible texts, of SVG and HTML, whose boxes lie on each other, or that are cut off by what they stand in. */
    List<?> overlaps() {
        return (List<?>) run(
                """
                        const texts = [], found = [];
                        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                          const parent = node.parentElement;
                          if (!node.data.trim() || parent.closest('script, style, .unseen, .skip, dialog:not([open]), option')) continue;
                          if (!parent.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
                          const range = document.createRange();
                          range.selectNodeContents(node);
                          for (let {left, right, top, bottom} of range.getClientRects()) {
                            const middle = (top + bottom) / 2, half = 0.35 * (bottom - top); // without the room between lines
                            let box = {left: left + 1, right: right - 1, top: middle - half, bottom: middle + half, text: node.data.trim()};
                            for (let a = parent; a && a !== document.body; a = a.parentElement) {
                              const clips = getComputedStyle(a), frame = a.getBoundingClientRect();
                              if (a.tagName === 'svg' && clips.overflow !== 'visible' && (left < frame.left - 1 || right > frame.right + 1))
                                found.push('cut off: ' + box.text);
                              if (!/auto|scroll|hidden/.test(clips.overflowX + clips.overflowY)) continue;
                              box = {...box, left: Math.max(box.left, frame.left), right: Math.min(box.right, frame.right),
                                top: Math.max(box.top, frame.top), bottom: Math.min(box.bottom, frame.bottom)};
                            }
                            if (box.right > box.left && box.bottom > box.top) texts.push(box);
                          }
                        }
                        texts.forEach((a, i) => {
                          for (const b of texts.slice(i + 1))
                            if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
                              found.push(`${a.text.slice(0, 40)} | ${b.text.slice(0, 40)} at ${Math.round(a.left)}, ${Math.round(a.top + scrollY)}`);
                        });
                        return [...new Set(found)];
                        """);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
