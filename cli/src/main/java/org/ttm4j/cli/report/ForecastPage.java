package org.ttm4j.cli.report;

import java.util.List;
import org.ttm4j.cli.plot.Chart;
import org.ttm4j.cli.plot.Html;
import org.ttm4j.cli.plot.HtmlChart;
import org.ttm4j.cli.plot.Panel;

/** Forecasts of any number of channels as one HTML page, which fits a phone and needs no other file. */
final class ForecastPage {
    private ForecastPage() {}

    static String of(String kind, Chart chart) {
        Html html = new Html().raw("<header>\n").element("p class=\"kind\"", kind).element("h1", chart.title());
        html.element("p class=\"lede\"", chart.subtitle()).raw("</header>\n<main id=\"main\">\n<section>\n");
        html.raw(HtmlChart.legend(chart.panels())).raw(figures("figures", kind, chart.panels()));
        html.raw("</section>\n</main>\n");
        return HtmlPage.of(kind + " of " + chart.title(), html.toString());
    }

    /** Figures of forecasts, side by side where there is room. */
    static String figures(String style, List<Panel> panels) {
        return figures(style, "Forecast", panels);
    }

    private static String figures(String style, String kind, List<Panel> panels) {
        Html html = new Html().raw("<div class=\"" + style + "\">\n");
        for (Panel panel : panels) {
            html.raw(HtmlChart.figure(panel.title(), HtmlChart.of(panel, kind + " of " + panel.title())));
        }
        return html.raw("</div>\n").toString();
    }
}
