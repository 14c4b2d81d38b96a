package org.ttm4j.cli.report;

import org.ttm4j.cli.plot.ForecastPlot;
import org.ttm4j.cli.plot.ValueTicks;

/**
 * A line chart as inline SVG that fills any width while the text keeps the same size: curves are stretched, labels are
 * placed by percentages. The classes in {@code page.css} have the colours. Not thread-safe.
 */
public final class Chart {
    /** Units of the stretched coordinates in both directions. */
    private static final int UNITS = 1000;
    private static final int WIDEST_LABEL = 9;

    private final String description;
    private final double left;
    private final double right;
    private final ValueTicks values;
    private final StringBuilder stretched = new StringBuilder();
    private final StringBuilder labels = new StringBuilder();

    /**
     * An empty chart.
     *
     * @param description the content in words, for readers who do not see the chart
     * @param left the position at the left edge
     * @param right the position at the right edge, above {@code left}
     * @param values the value axis
     */
    public Chart(String description, double left, double right, ValueTicks values) {
        this.description = description;
        this.left = left;
        this.right = right;
        this.values = values;
    }

    /** Adds a line through points, which is broken where a value is NaN. */
    public Chart line(String style, double[] positions, double[] heights) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < heights.length; i++) {
            if (Double.isNaN(heights[i])) continue;
            boolean begins = i == 0 || Double.isNaN(heights[i - 1]);
            boolean ends = i + 1 == heights.length || Double.isNaN(heights[i + 1]);
            path.append(begins ? 'M' : 'L').append(x(positions[i])).append(' ').append(y(heights[i]));
            // A single point would be invisible. A line of length 0 has round ends, so that it shows as a dot.
            if (begins && ends) path.append("h0");
        }
        return path(style, path);
    }

    /** Adds an area between two curves without NaN. */
    public Chart band(String style, double[] positions, double[] lower, double[] upper) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < upper.length; i++) {
            path.append(i == 0 ? 'M' : 'L').append(x(positions[i])).append(' ').append(y(upper[i]));
        }
        for (int i = lower.length - 1; i >= 0; i--) {
            path.append('L').append(x(positions[i])).append(' ').append(y(lower[i]));
        }
        return path(style, path.append('Z'));
    }

    private Chart path(String style, StringBuilder data) {
        if (data.length() > 0) {
            stretched.append("<path class=\"").append(style).append("\" d=\"").append(data).append("\"/>\n");
        }
        return this;
    }

    /** Adds a dot with a title that appears when one points at it. */
    public Chart dot(double position, double height, String title) {
        labels.append("<circle class=\"dot\" cx=\"").append(percentX(position)).append("\" cy=\"");
        labels.append(percentY(height)).append("\" r=\"4\"><title>").append(Html.escape(title));
        labels.append("</title></circle>\n");
        return this;
    }

    /** Adds a label below the chart, and below the label a second line unless it is null. */
    public Chart tick(double position, String label, String context) {
        String x = percentX(position);
        labels.append("<line class=\"axis\" x1=\"").append(x).append("\" x2=\"").append(x);
        labels.append("\" y1=\"100%\" y2=\"100%\"/>\n");
        label(x, 1.5, label);
        if (context != null && !context.isEmpty()) label(x, 2.7, context);
        return this;
    }

    private void label(String x, double lines, String text) {
        labels.append("<text class=\"tick\" x=\"").append(x).append("\" y=\"100%\" dy=\"").append(lines);
        labels.append("em\">").append(Html.escape(text)).append("</text>\n");
    }

    /** The markup. */
    @Override
    public String toString() {
        StringBuilder svg = new StringBuilder();
        int widest = values.labels().stream().mapToInt(String::length).max().orElse(1);
        svg.append("<svg class=\"chart left")
                .append(Math.min(widest, WIDEST_LABEL))
                .append("\" role=\"img\" aria-label=\"");
        svg.append(Html.escape(description)).append("\">\n");
        for (int i = 0; i < values.values().length; i++) {
            String y = percentY(values.values()[i]);
            svg.append("<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"").append(y).append("\" y2=\"").append(y);
            svg.append("\"/>\n<text class=\"value\" x=\"0\" y=\"").append(y).append("\" dx=\"-.6em\" dy=\".35em\">");
            svg.append(Html.escape(values.labels().get(i))).append("</text>\n");
        }
        svg.append("<svg viewBox=\"0 0 ").append(UNITS).append(' ').append(UNITS);
        svg.append("\" width=\"100%\" height=\"100%\" preserveAspectRatio=\"none\">\n").append(stretched);
        svg.append("</svg>\n<line class=\"axis\" x1=\"0\" x2=\"100%\" y1=\"100%\" y2=\"100%\"/>\n").append(labels);
        return svg.append("</svg>\n").toString();
    }

    private double shareX(double position) {
        return (position - left) / (right - left);
    }

    private double shareY(double height) {
        return (values.max() - height) / (values.max() - values.min());
    }

    private String x(double position) {
        return ForecastPlot.number(UNITS * shareX(position));
    }

    private String y(double height) {
        return ForecastPlot.number(UNITS * shareY(height));
    }

    private String percentX(double position) {
        return ForecastPlot.number(100 * shareX(position)) + "%";
    }

    private String percentY(double height) {
        return ForecastPlot.number(100 * shareY(height)) + "%";
    }
}
