package org.ttm4j.cli.plot;

import java.util.ArrayList;
import java.util.List;

/**
 * A forecast as a picture with one panel for each channel: history and forecast in two colours, dates below. As an SVG it
 * is legible on light and on dark backgrounds, and the same input gives the same text.
 */
public final class ForecastPlot {
    private static final int WIDTH = 960;
    private static final int RIGHT = 28;
    private static final int HEADER = 84;
    private static final int PANEL = 190;
    private static final int PANEL_TITLE = 30;
    private static final int DATES = 44;
    private static final int GAP = 14;
    private static final double CHARACTER = 6.6;
    private static final int VALUE_TICKS = 5;
    private static final int PIXELS_PER_DATE = 84;
    private static final int LONGEST_TITLE = 90;

    private final List<Panel> panels;
    private final List<ValueTicks> ticks = new ArrayList<>();
    private final int left;
    private Canvas canvas;

    private ForecastPlot(List<Panel> panels) {
        this.panels = panels;
        int longest = 0;
        for (Panel panel : panels) {
            ValueTicks values = ValueTicks.of(panel.min(), panel.max(), VALUE_TICKS);
            ticks.add(values);
            for (String label : values.labels()) longest = Math.max(longest, label.length());
        }
        left = (int) Math.ceil(longest * CHARACTER) + 34;
    }

    /**
     * The panels one below the other, as an SVG.
     *
     * @param title the headline
     * @param subtitle one line below it
     * @param panels the panels, at least one; neighbours with the same time axis share the dates
     */
    public static String svg(String title, String subtitle, List<Panel> panels) {
        ForecastPlot plot = new ForecastPlot(panels);
        SvgCanvas svg = new SvgCanvas("Forecast of " + title, subtitle, WIDTH, plot.height());
        plot.draw(svg, title, subtitle);
        return svg.end();
    }

    /** The same as a PNG, on a light background. */
    public static byte[] png(String title, String subtitle, List<Panel> panels) {
        ForecastPlot plot = new ForecastPlot(panels);
        PngCanvas png = new PngCanvas(WIDTH, plot.height());
        plot.draw(png, title, subtitle);
        return png.end();
    }

    private int height() {
        int height = HEADER + GAP;
        for (int i = 0; i < panels.size(); i++) height += PANEL_TITLE + PANEL + (dated(i) ? DATES : GAP);
        return height;
    }

    private void draw(Canvas on, String title, String subtitle) {
        canvas = on;
        text("title", left, 36, shorten(title, 60));
        text("", left, 58, shorten(subtitle, LONGEST_TITLE));
        legend();
        int top = HEADER;
        for (int i = 0; i < panels.size(); i++) {
            text("name", left, top + PANEL_TITLE - 11, shorten(panels.get(i).title(), LONGEST_TITLE));
            panel(panels.get(i), ticks.get(i), top + PANEL_TITLE, dated(i));
            top += PANEL_TITLE + PANEL + (dated(i) ? DATES : GAP);
        }
    }

    /** Whether the dates stand below this panel, which they do not when the next panel shows the same dates. */
    private boolean dated(int i) {
        if (i + 1 == panels.size()) return true;
        Panel panel = panels.get(i);
        Panel next = panels.get(i + 1);
        return !panel.axis().equals(next.axis()) || panel.first() != next.first() || panel.length() != next.length();
    }

    private void legend() {
        int x = WIDTH - RIGHT - 176;
        path("history", "M" + x + " 32h22");
        text("", x + 29, 36, "history");
        path("forecast", "M" + (x + 92) + " 32h22");
        text("", x + 121, 36, "forecast");
        List<Panel.Band> bands = panels.stream()
                .map(Panel::bands)
                .filter(of -> !of.isEmpty())
                .findFirst()
                .orElse(List.of());
        for (int i = 0; i < bands.size(); i++) {
            // The inner band lies on the outer one, here as in the panels.
            for (int k = 0; k <= i; k++) path("band", "M" + (x + 92 * i) + " 46h22v12h-22Z");
            text("", x + 29 + 92 * i, 56, percent(bands.get(i).probability()));
        }
    }

    private void panel(Panel panel, ValueTicks values, int top, boolean dated) {
        int bottom = top + PANEL;
        int right = WIDTH - RIGHT;
        long from = panel.localTime(0);
        long to = panel.localTime(panel.length() - 1);
        double now = x(panel.localTime(Math.max(0, panel.history().length - 1)), from, to);
        canvas.box("future", now, top, right - now, PANEL);
        for (int i = 0; i < values.values().length; i++) {
            double y = y(values.values()[i], values, top);
            path("grid", "M" + left + " " + number(y) + "H" + right);
            text("value", left - 9, y + 4, values.labels().get(i));
        }
        for (DateTicks.Tick tick : DateTicks.along(panel.axis(), from, to,
                Math.max(2, (right - left) / PIXELS_PER_DATE))) {
            double x = x(tick.time(), from, to);
            path("axis", "M" + number(x) + " " + bottom + "v5");
            if (!dated) continue;
            text("date", x, bottom + 20, tick.label());
            if (tick.context() != null) text("date", x, bottom + 36, tick.context());
        }
        path("axis", "M" + left + " " + bottom + "H" + right);
        path("now", "M" + number(now) + " " + top + "V" + bottom);
        for (Panel.Band band : panel.bands()) path("band", area(panel, band, values, top));
        path("history", line(panel, 0, panel.history().length, values, top));
        path("forecast", line(panel, Math.max(0, panel.history().length - 1), panel.length(), values, top));
    }

    /** The steps {@code [first, end)} as a path that is broken where values are missing. */
    private String line(Panel panel, int first, int end, ValueTicks values, int top) {
        long from = panel.localTime(0);
        long to = panel.localTime(panel.length() - 1);
        StringBuilder path = new StringBuilder();
        boolean pen = false;
        for (int i : Thinned.indices(panel::value, first, end, 2 * (WIDTH - left - RIGHT))) {
            if (Double.isNaN(panel.value(i))) {
                pen = false;
                continue;
            }
            path.append(pen ? 'L' : 'M')
                    .append(number(x(panel.localTime(i), from, to)))
                    .append(' ')
                    .append(number(y(panel.value(i), values, top)));
            boolean alone = !pen && (i + 1 == end || Double.isNaN(panel.value(i + 1)));
            // A value between two gaps would be invisible. A line of length 0 has round ends, so that it shows as a
            // dot.
            if (alone) path.append("h0");
            pen = true;
        }
        return path.toString();
    }

    /** A band as a closed path: the upper edge to the right, the lower edge back. */
    private String area(Panel panel, Panel.Band band, ValueTicks values, int top) {
        long from = panel.localTime(0);
        long to = panel.localTime(panel.length() - 1);
        int steps = band.low().length;
        int every = Math.max(1, steps / (WIDTH - left - RIGHT));
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < 2 * steps; i += every) {
            int step = i < steps ? i : 2 * steps - 1 - i;
            double value = i < steps ? band.high()[step] : band.low()[step];
            path.append(path.isEmpty() ? 'M' : 'L')
                    .append(number(x(panel.localTime(panel.history().length + step), from, to)))
                    .append(' ')
                    .append(number(y(value, values, top)));
        }
        return path.append('Z').toString();
    }

    private double x(long time, long from, long to) {
        int right = WIDTH - RIGHT;
        return to == from ? right : left + (right - left) * ((double) (time - from) / (to - from));
    }

    private static double y(double value, ValueTicks values, int top) {
        return top + PANEL * (values.max() - value) / (values.max() - values.min());
    }

    private void path(String style, String data) {
        if (!data.isEmpty()) canvas.path(style, data);
    }

    private void text(String style, double x, double y, String text) {
        canvas.text(style, x, y, text);
    }

    /** A number rounded to tenths of a pixel. String.format would take longer than the rest of the picture. */
    public static String number(double value) {
        long tenths = Math.round(value * 10);
        String sign = tenths < 0 ? "-" : "";
        long size = Math.abs(tenths);
        return sign + size / 10 + (size % 10 == 0 ? "" : "." + size % 10);
    }

    private static String percent(double probability) {
        return number(100 * probability) + " %";
    }

    private static String shorten(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
    }
}
