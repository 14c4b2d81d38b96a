package org.ttm4j.cli.report;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.page.ModelPage;
import org.ttm4j.eval.page.PageSeries;

/** Writes the page in which the default bundled model runs on some series. */
public final class ExplainPage {
    private ExplainPage() {}

    /** Writes the page; throws CommandException where the file cannot be written. */
    public static void write(Path page, List<TimeSeries> series) throws CommandException, IOException {
        String content = ModelPage.of(PageSeries.of(series), repository(page));
        OutputFile.write(page, out -> out.append(content));
    }

    /** The way from a page to the folder of the project, where the program runs from it; else null. */
    private static String repository(Path page) {
        try {
            URI jar = ExplainPage.class.getProtectionDomain().getCodeSource().getLocation().toURI();
            Path root = Path.of(jar).resolve("../../..").normalize();
            if (!Files.exists(root.resolve("docs/model.md"))) return null;
            return page.toAbsolutePath().normalize().getParent().relativize(root).toString().replace('\\', '/') + "/";
        } catch (URISyntaxException | IllegalArgumentException elsewhere) {
            return null; // on another drive, say
        }
    }
}
