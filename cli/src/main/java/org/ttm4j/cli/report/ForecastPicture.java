package org.ttm4j.cli.report;

import java.nio.file.Path;
import java.util.List;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.eval.plot.Html;
import org.ttm4j.eval.plot.HtmlChart;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.eval.plot.PngPicture;
import org.ttm4j.eval.plot.SvgPicture;
import org.ttm4j.eval.report.HtmlPage;

/**
 * The picture of forecasts or anomalies as a file, whose ending says what it is: a PNG for {@code .png}, a page with all
 * channels for {@code .html}, else an SVG. A PNG and an SVG show the first channels.
 *
 * @param kind of what it shows, as {@code Forecast}
 * @param title what it is of: the name of a file
 * @param subtitle one line below it
 * @param panels at least one
 */
public record ForecastPicture(String kind, String title, String subtitle, List<Panel> panels) {
    private static final int MOST_PANELS = 12;

    /** Writes it, and says so on the console. An existing file is replaced in one step. */
    public void write(Path file, Console console) throws CommandException {
        write(file);
        console.say(described(file));
    }

    /** Writes it without a line on the console. */
    public void write(Path file) throws CommandException {
        List<Panel> shown = panels.subList(0, Math.min(MOST_PANELS, panels.size()));
        if (OutputFile.ends(file, ".png")) {
            byte[] png = png(shown);
            OutputFile.writeStream(file, out -> out.write(png));
        } else {
            String text = isPage(file) ? page() : SvgPicture.of(kind + " of " + title, subtitle, shown);
            OutputFile.write(file, out -> out.write(text));
        }
    }

    private byte[] png(List<Panel> shown) throws CommandException {
        try {
            return PngPicture.of(kind + " of " + title, subtitle, shown);
        } catch (LinkageError | InternalError | RuntimeException noFonts) {
            throw new CommandException("this Java cannot draw a PNG, as it finds no fonts or no graphics; name an .svg "
                    + "or .html instead", noFonts);
        }
    }

    /** The line of the console: the name of the file, and how many of the panels it shows. */
    public String described(Path file) {
        boolean all = isPage(file) || panels.size() <= MOST_PANELS;
        return "picture: " + file
                + (all
                        ? ""
                        : " (the first " + MOST_PANELS + " of " + panels.size() + " panels; name an .html for all)");
    }

    public static boolean isPage(Path file) {
        return OutputFile.ends(file, ".html") || OutputFile.ends(file, ".htm");
    }

    /** All panels as one HTML page, which fits a phone and needs no other file. */
    String page() {
        Html html = new Html().raw("<header>\n").element("p class=\"kind\"", kind).element("h1", title);
        html.element("p class=\"lede\"", subtitle).raw("</header>\n<main id=\"main\">\n<section>\n");
        html.raw(HtmlChart.legend(panels)).raw(HtmlChart.figures("figures", kind, panels));
        html.raw("</section>\n</main>\n");
        return HtmlPage.of(kind + " of " + title, html.toString());
    }
}
