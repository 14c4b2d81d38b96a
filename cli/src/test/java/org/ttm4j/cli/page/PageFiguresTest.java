package org.ttm4j.cli.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.OutputType;
import org.ttm4j.cli.CliRun;

/**
 * Pictures of the page, each of one figure, as {@code #figure=NAME} shows it. With {@code -Dfigures=write} they become those
 * of docs/figures.
 */
@Tag("browser")
class PageFiguresTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final int FEWEST_COLOURS = 100;

    @TempDir
    private static Path folder;

    /** A picture: its file, the address after the page's, and the screen. */
    private record Picture(String name, String hash, int width, int height) {}

    private static final Picture[] PICTURES = {new Picture("page.png", "#stage=levels", 1440, 860),
            new Picture("architecture.png", "#figure=overview", 1200, 300),
            new Picture("window.png", "#figure=levels", 900, 835), new Picture("gates.png", "#figure=gates", 900, 810)};

    @Test
    void figuresShowTheModelAtWork() throws IOException {
        CliRun run = CliRun.in(folder, "explain", ROOT.resolve("data/samples/hourly-load.csv").toString(), "--html",
                "page.html");
        assertEquals(0, run.code(), run.err());
        try (BrowserSession browser = new BrowserSession(folder)) {
            for (Picture picture : PICTURES) {
                browser.screen(picture.width, picture.height, false);
                browser.open(folder.resolve("page.html").toUri() + picture.hash);
                byte[] png = browser.driver.getScreenshotAs(OutputType.BYTES);
                BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
                assertEquals(picture.width, image.getWidth());
                assertTrue(colours(image) > FEWEST_COLOURS, picture.name + " is empty");
                if ("write".equals(System.getProperty("figures"))) {
                    Files.write(Files.createDirectories(ROOT.resolve("docs/figures")).resolve(picture.name), png);
                }
            }
        }
    }

    private static long colours(BufferedImage image) {
        return java.util.Arrays
                .stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .distinct()
                .count();
    }
}
