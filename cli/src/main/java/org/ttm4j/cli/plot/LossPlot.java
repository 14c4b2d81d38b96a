package org.ttm4j.cli.plot;

import java.util.List;
import java.util.Locale;
import org.ttm4j.eval.pretraining.TrainingLog;

/** The curves of a training run as an SVG with one panel: training loss and validation error over steps. */
public final class LossPlot {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 420;
    private static final int LEFT = 64;
    private static final int RIGHT = 28;
    private static final int TOP = 64;
    private static final int BOTTOM = 48;
    private static final int TICKS = 6;

    private LossPlot() {}

    /** Draws the curves through any number of rows, which can be 0 or 1. */
    public static String of(String title, List<TrainingLog.Row> points) {
        double high = points.stream().mapToDouble(p -> Math.max(p.loss(), orZero(p.mse()))).max().orElse(1);
        double low = points.stream().mapToDouble(p -> Math.min(p.loss(), orHigh(p.mse()))).min().orElse(0);
        ValueTicks values = ValueTicks.of(low, high, TICKS);
        long last = points.isEmpty() ? 1 : points.get(points.size() - 1).step();
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
                <style>
                %s</style>
                <rect class="paper" width="%d" height="%d"/>
                <text class="title" x="%d" y="34">%s</text>
                """, WIDTH, HEIGHT, WIDTH, HEIGHT, SvgCanvas.STYLE, WIDTH, HEIGHT, LEFT, title));
        for (int i = 0; i < values.values().length; i++) {
            double y = y(values.values()[i], values);
            svg.append(String.format(Locale.ROOT, """
                    <line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/>
                    <text class="value" x="%d" y="%.1f">%s</text>
                    """, LEFT, WIDTH - RIGHT, y, y, LEFT - 8, y + 4, values.labels().get(i)));
        }
        for (int i = 0; i <= TICKS; i++) {
            svg.append(String.format(Locale.ROOT, "<text class=\"date\" x=\"%.1f\" y=\"%d\">%d</text>%n",
                    x(last * (double) i / TICKS, last), HEIGHT - BOTTOM + 20, last * i / TICKS));
        }
        svg.append(String.format(Locale.ROOT, "<text class=\"date\" x=\"%d\" y=\"%d\">steps</text>%n",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8));
        curve(svg, "history", points.stream().map(p -> new double[]{p.step(), p.loss()}).toList(), last, values);
        curve(svg, "forecast",
                points.stream().filter(p -> !Double.isNaN(p.mse())).map(p -> new double[]{p.step(), p.mse()}).toList(),
                last, values);
        svg.append(String.format(Locale.ROOT, """
                <line class="history" x1="%d" x2="%d" y1="50" y2="50"/><text x="%d" y="54">training loss</text>
                <line class="forecast" x1="%d" x2="%d" y1="50" y2="50"/><text x="%d" y="54">validation MSE</text>
                </svg>
                """, LEFT, LEFT + 20, LEFT + 26, LEFT + 130, LEFT + 150, LEFT + 156));
        return svg.toString();
    }

    private static void curve(StringBuilder svg, String style, List<double[]> points, long last, ValueTicks values) {
        svg.append("<polyline class=\"").append(style).append("\" points=\"");
        for (double[] point : points) {
            svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point[0], last), y(point[1], values)));
        }
        svg.append("\"/>\n");
    }

    private static double x(double step, long last) {
        return LEFT + (WIDTH - LEFT - RIGHT) * step / last;
    }

    private static double y(double value, ValueTicks values) {
        double share = (value - values.min()) / Math.max(values.max() - values.min(), 1e-12);
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
    }

    private static double orZero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    private static double orHigh(double value) {
        return Double.isNaN(value) ? Double.MAX_VALUE : value;
    }
}
