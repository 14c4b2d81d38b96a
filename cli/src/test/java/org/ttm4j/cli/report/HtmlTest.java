package org.ttm4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.eval.plot.Axis;
import org.ttm4j.eval.plot.Curve;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Html;
import org.ttm4j.eval.plot.HtmlChart;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.eval.report.HtmlPage;
import org.ttm4j.forecast.interval.Quantiles;

class HtmlTest {
    @Test
    void textCannotBecomeMarkup() {
        assertEquals("&lt;b a=&quot;&#39;&amp;&quot;&gt; ü – 𝄞", Html.escape("<b a=\"'&\"> ü – 𝄞"));
        assertEquals("??????", Html.escape("\u0000\n\u202e\ud800\u2028\u200f"));
        assertEquals("<td class=\"x\">1 &lt; 2</td>\n", new Html().element("td class=\"x\"", "1 < 2").toString());
    }

    @Test
    void thePolicyAllowsTheStyleSheetAndNothingElse() throws Exception {
        String page = HtmlPage.of("a < b", "<p>x</p>\n");
        String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
        assertTrue(page.contains("content=\"default-src 'none'; style-src 'sha256-"
                + Base64.getEncoder().encodeToString(digest) + "'\""));
        assertTrue(page.contains("<title>a &lt; b</title>"));
        assertTrue(style.contains("prefers-color-scheme:dark"));
        assertFalse(style.contains("url(") || style.contains("@import"));
    }

    @Test
    void aChartPlacesByShares() {
        Axis across = new Axis(0, 4, Axis.Kind.COUNTS);
        double[] two = {2, 4};
        Panel panel = new Panel("x", across, new Axis(0, 10, Axis.Kind.VALUES),
                List.of(Curve.line("history", null, new double[]{0, 1, 2, 3, 4},
                        new double[]{0, Double.NaN, 5, Double.NaN, 10}),
                        Curve.line("forecast", null, new double[]{0, 2, 4}, new double[]{10, 5, 0}),
                        Curve.area("band", null, two, new double[]{0, 0}, new double[]{5, 12}),
                        Curve.line("now", null, two, new double[]{2.5, 2.5}).withDots(List.of("a dot", "two"))));
        String chart = HtmlChart.of(panel, "a \"chart\"");
        assertTrue(chart.contains("aria-label=\"a &quot;chart&quot;\""), chart);
        assertTrue(chart.contains("d=\"M0 1000h0M500 500h0M1000 0h0\""), chart);
        assertTrue(chart.contains("d=\"M0 0L500 500L1000 1000\""), chart);
        assertTrue(chart.contains("d=\"M500 500L1000 0L1000 1000L500 1000Z\""), chart);
        assertTrue(chart.contains("cx=\"50%\" cy=\"75%\"") && chart.contains("<title>a dot</title>"), chart);
        assertTrue(chart.contains("x=\"75%\" y=\"100%\" dy=\"1.5em\">3<"), chart);
    }

    @Test
    void aTableNamesItsRowsAndColumns() {
        String table = new HtmlPage.Table("<caption>", List.of("Name", "A", "B", "C"))
                .mainRow("first", List.of("1", "2", "3"))
                .row("second", List.of("4", "5", "6"))
                .toString();
        assertTrue(table.contains("<caption>&lt;caption&gt;</caption>") && table.contains("tabindex=\"0\""), table);
        assertTrue(table.contains("<th scope=\"col\">A</th>") && table.contains("<th scope=\"row\">second</th>"));
        assertTrue(table.contains("<tr class=\"main\">") && table.endsWith("</tbody>\n</table>\n</div>\n"));
    }

    private static String page(Panel panel) {
        return new ForecastPicture("Forecast", "x", "y", List.of(panel)).page();
    }

    private static Panel panel(double lower, double upper) {
        TimeAxis axis = new TimeAxis(0, Frequency.ofMillis(3_600_000), 0,
                new TimeFormat("uuuu-MM-dd HH:mm", ZoneOffset.UTC));
        Quantiles quantiles = new Quantiles(new double[]{lower, upper}, new double[][][]{{{1}}, {{3}}}, 9);
        return ForecastPanel.of("x", axis, new double[]{1, 2}, new double[]{2}, quantiles, 0, 3);
    }

    @Test
    void aPageSaysHowMuchItsBandsHold() {
        assertTrue(page(panel(0.0025, 0.9975)).contains(">99.5 % intervals<"));
    }

    @Test
    void aPageShowsThePeaksOfALongSeries() {
        double[] history = new double[5_000];
        history[1_237] = 100;
        TimeAxis axis = new TimeAxis(0, Frequency.ofMillis(3_600_000), 0,
                new TimeFormat("uuuu-MM-dd HH:mm", ZoneOffset.UTC));
        String page = page(ForecastPanel.of("x", axis, history, new double[]{1}, null, 0, 5_000));
        String line = page.substring(page.indexOf("<path class=\"history\" d=\"M0 "));
        long heights = Pattern.compile(" ([\\d.]+)L")
                .matcher(line.substring(0, line.indexOf("/>")))
                .results()
                .map(height -> height.group(1))
                .distinct()
                .count();
        assertEquals(2, heights);
    }

    @Test
    void aPageIsTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertTrue(page(panel(0.1, 0.9)).contains(">80 % intervals<"));
        } finally {
            Locale.setDefault(before);
        }
    }
}
