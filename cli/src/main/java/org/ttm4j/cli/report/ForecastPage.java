package org.ttm4j.cli.report;

import org.ttm4j.eval.plot.Chart;
import org.ttm4j.eval.plot.Html;
import org.ttm4j.eval.plot.HtmlChart;
import org.ttm4j.eval.report.HtmlPage;

/** Forecasts of any number of channels as one HTML page, which fits a phone and needs no other file. */
final class ForecastPage {
    private ForecastPage() {}

    static String of(String kind, Chart chart) {
        Html html = new Html().raw("<header>\n").element("p class=\"kind\"", kind).element("h1", chart.title());
        html.element("p class=\"lede\"", chart.subtitle()).raw("</header>\n<main id=\"main\">\n<section>\n");
        html.raw(HtmlChart.legend(chart.panels())).raw(HtmlChart.figures("figures", kind, chart.panels()));
        html.raw("</section>\n</main>\n");
        return HtmlPage.of(kind + " of " + chart.title(), html.toString());
    }
}
