package org.ttm4j.cli.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;

/** The page of the sample series in a browser, opened anew for each test. */
abstract class SamplePage {
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    static final Path SAMPLE = ROOT.resolve("data/samples/hourly-load.csv");

    @TempDir
    static Path folder;
    static Path file;
    static BrowserSession browser;

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
}
