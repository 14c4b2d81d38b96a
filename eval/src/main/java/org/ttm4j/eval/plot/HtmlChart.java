package org.ttm4j.eval.plot;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Draws a panel as inline SVG that fills any width while the text keeps the same size: curves are stretched, labels are
 * placed by percentages. The classes in {@code page.css} have the colours. Not thread-safe.
 */
public final class HtmlChart implements Panel.Canvas {
    /** Units of the stretched coordinates in both directions. */
    private static final int UNITS = 1000;
    private static final int WIDEST_LABEL = 9;
    private static final int VALUES = 4;
    private static final int POSITIONS = 4;
    /** About how many points a curve has. */
    private static final int POINTS = 500;

    private final Html values = new Html();
    private final Html stretched = new Html();
    private final Html labels = new Html();
    private int widest = 1;

    private HtmlChart() {}

    public static String figure(String caption, String content) {
        return new Html().raw("<figure>\n").element("figcaption", caption).raw(content).raw("</figure>\n").toString();
    }

    /**
     * A panel without its title, which is the caption of its figure.
     *
     * @param description the content in words, for readers who do not see the chart
     */
    public static String of(Panel panel, String description) {
        HtmlChart chart = new HtmlChart();
        panel.drawOn(chart, VALUES, POSITIONS, POINTS);
        return new Html()
                .raw("<svg class=\"chart left" + Math.min(chart.widest, WIDEST_LABEL) + "\" role=\"img\" aria-label=\""
                        + Html.escape(description) + "\">\n")
                .raw(chart.values + "<svg viewBox=\"0 0 " + UNITS + " " + UNITS
                        + "\" width=\"100%\" height=\"100%\" preserveAspectRatio=\"none\">\n" + chart.stretched
                        + "</svg>\n<line class=\"axis\" x1=\"0\" x2=\"100%\" y1=\"100%\" y2=\"100%\"/>\n")
                .raw(chart.labels + "</svg>\n")
                .toString();
    }

    public static String legend(List<Panel> panels) {
        Html html = new Html().raw("<ul class=\"legend\">\n");
        for (Curve curve : Panel.legend(panels)) {
            html.raw("<li><svg viewBox=\"0 0 28 12\" aria-hidden=\"true\"><path class=\"" + curve.style()
                    + "\" d=\"M1 6H27\"/></svg>" + Html.escape(curve.name()) + "</li>\n");
        }
        return html.raw("</ul>\n").toString();
    }

    @Override
    public void value(double up, String label) {
        String y = percent(1 - up);
        widest = Math.max(widest, label.length());
        values.raw("<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"" + y + "\" y2=\"" + y + "\"/>\n")
                .element("text class=\"value\" x=\"0\" y=\"" + y + "\" dx=\"-.6em\" dy=\".35em\"", label);
    }

    @Override
    public void position(double across, Axis.Tick tick) {
        String x = percent(across);
        labels.raw("<line class=\"axis\" x1=\"" + x + "\" x2=\"" + x + "\" y1=\"100%\" y2=\"100%\"/>\n");
        label(x, 1.5, tick.label());
        if (!tick.context().isEmpty()) label(x, 2.7, tick.context());
    }

    private void label(String x, double lines, String text) {
        labels.element("text class=\"tick\" x=\"" + x + "\" y=\"100%\" dy=\"" + lines + "em\"", text);
    }

    @Override
    public void path(String style, double[] across, double[] up, boolean closed) {
        double[] x = IntStream.range(0, across.length).mapToDouble(i -> UNITS * across[i]).toArray();
        double[] y = IntStream.range(0, up.length).mapToDouble(i -> UNITS * (1 - up[i])).toArray();
        stretched.path(style, x, y, closed);
    }

    @Override
    public void dot(String style, double across, double up, String title) {
        labels.raw("<circle class=\"dot\" cx=\"" + percent(across) + "\" cy=\"" + percent(1 - up) + "\" r=\"4\">"
                + "<title>" + Html.escape(title) + "</title></circle>\n");
    }

    private static String percent(double share) {
        return Html.number(100 * share) + "%";
    }

    /**
     * Figures of panels, side by side where there is room.
     *
     * @param style class of the box around them
     * @param kind of what each shows, as {@code Forecast}
     */
    public static String figures(String style, String kind, List<Panel> panels) {
        Html html = new Html().raw("<div class=\"" + style + "\">\n");
        for (Panel panel : panels) html.raw(figure(panel.title(), of(panel, kind + " of " + panel.title())));
        return html.raw("</div>\n").toString();
    }
}
