package org.ttm4j.cli.report;

import java.util.List;
import org.ttm4j.cli.plot.DateTicks;
import org.ttm4j.cli.plot.ForecastPlot;
import org.ttm4j.cli.plot.Panel;
import org.ttm4j.cli.plot.Thinned;
import org.ttm4j.cli.plot.ValueTicks;

/** Forecasts of any number of channels as one HTML page, which fits a phone and needs no other file. */
public final class ForecastPage {
    private static final int VALUE_TICKS = 4;
    private static final int DATES = 4;

    /**
     * The page.
     *
     * @param title the headline
     * @param subtitle one line below it
     * @param panels at least one
     */
    public static String of(String title, String subtitle, List<Panel> panels) {
        Html html = new Html().raw("<header>\n").element("p class=\"kind\"", "Forecast").element("h1", title);
        html.element("p class=\"lede\"", subtitle).raw("</header>\n<main id=\"main\">\n<section>\n");
        boolean banded = panels.stream().anyMatch(panel -> !panel.bands().isEmpty());
        html.raw(banded
                ? StepFigures.legend(List.of("truth", "model", "band"), List.of("history", "forecast", "intervals"))
                : StepFigures.legend(List.of("truth", "model"), List.of("history", "forecast")));
        html.raw("<div class=\"figures\">\n");
        for (Panel panel : panels) {
            html.raw(StepFigures.figure(caption(panel), chart(panel, "Forecast of " + panel.title())));
        }
        html.raw("</div>\n</section>\n</main>\n");
        return HtmlPage.of("Forecast of " + title, html.toString());
    }

    private static String caption(Panel panel) {
        if (panel.bands().isEmpty()) return panel.title();
        return panel.title() + ", with " + String.join(" and ",
                panel.bands().stream().map(band -> ForecastPlot.number(100 * band.probability()) + " %").toList())
                + " intervals";
    }

    private static String chart(Panel panel, String description) {
        double from = panel.localTime(0);
        double to = panel.localTime(panel.length() - 1);
        Chart chart = new Chart(description, from, Math.max(to, from + 1),
                ValueTicks.of(panel.min(), panel.max(), VALUE_TICKS));
        int history = panel.history().length;
        int[] past = Thinned.indices(panel::value, 0, history, StepFigures.MOST_POINTS);
        int[] coming = Thinned.indices(panel::value, history, panel.length(), StepFigures.MOST_POINTS);
        for (Panel.Band band : panel.bands()) {
            chart.band("band", Thinned.at(coming, panel::localTime), Thinned.at(coming, i -> band.low()[i - history]),
                    Thinned.at(coming, i -> band.high()[i - history]));
        }
        double now = panel.localTime(Math.max(0, history - 1));
        chart.line("now", new double[]{now, now}, new double[]{panel.min(), panel.max()});
        chart.line("truth", Thinned.at(past, panel::localTime), Thinned.at(past, panel::value));
        chart.line("model", Thinned.at(coming, panel::localTime), Thinned.at(coming, panel::value));
        for (DateTicks.Tick tick : DateTicks.along(panel.axis(), (long) from, (long) to, DATES)) {
            chart.tick(tick.time(), tick.label(), tick.context());
        }
        return chart.toString();
    }
}
