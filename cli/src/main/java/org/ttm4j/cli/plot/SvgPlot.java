package org.ttm4j.cli.plot;

import java.util.ArrayList;
import java.util.List;

/**
 * A forecast as an SVG with one panel for each channel: history and forecast in two colours, dates below, legible on
 * light and on dark backgrounds. The same input gives the same text.
 */
public final class SvgPlot {
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

    /** Colours are set twice, so that a viewer that does not know the media query shows the light ones. */
    static final String STYLE = """
            text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","DejaVu Sans",sans-serif;fill:#5b6472}
            .paper{fill:#ffffff}
            .title{font-size:18px;font-weight:600;fill:#1b2028}
            .name{font-size:13px;font-weight:600;fill:#1b2028}
            .value{text-anchor:end}
            .date{text-anchor:middle}
            .grid{stroke:#e7e9ee;fill:none}
            .axis{stroke:#c3c8d1;fill:none}
            .now{stroke:#9aa2af;stroke-dasharray:3 3;fill:none}
            .future{fill:#d9480f;fill-opacity:.06}
            .band{fill:#d9480f;fill-opacity:.16}
            .history,.forecast{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
            .history{stroke:#44546a}
            .forecast{stroke:#d9480f;stroke-width:2}
            @media (prefers-color-scheme:dark){
            text{fill:#a2abb9}
            .paper{fill:#14171c}
            .title,.name{fill:#eceff4}
            .grid{stroke:#262b33}
            .axis{stroke:#4a525f}
            .now{stroke:#6d7684}
            .future{fill:#ff9a5c;fill-opacity:.08}
            .band{fill:#ff9a5c;fill-opacity:.2}
            .history{stroke:#a9b8cd}
            .forecast{stroke:#ff9a5c}
            }
            """;

    private final List<Panel> panels;
    private final StringBuilder svg = new StringBuilder();
    private final int left;

    private SvgPlot(List<Panel> panels, int left) {
        this.panels = panels;
        this.left = left;
    }

    /**
     * Draws the panels one below the other.
     *
     * @param title the headline
     * @param subtitle one line below it
     * @param panels the panels, at least one; neighbours with the same time axis share the dates
     */
    public static String of(String title, String subtitle, List<Panel> panels) {
        List<ValueTicks> ticks = new ArrayList<>();
        int longest = 0;
        for (Panel panel : panels) {
            ValueTicks values = ValueTicks.of(panel.min(), panel.max(), VALUE_TICKS);
            ticks.add(values);
            for (String label : values.labels()) longest = Math.max(longest, label.length());
        }
        int left = (int) Math.ceil(longest * CHARACTER) + 34;
        return new SvgPlot(panels, left).draw(title, subtitle, ticks);
    }

    private String draw(String title, String subtitle, List<ValueTicks> ticks) {
        int height = HEADER + GAP;
        for (int i = 0; i < panels.size(); i++) height += PANEL_TITLE + PANEL + (dated(i) ? DATES : GAP);
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(height)
                .append("\" width=\"")
                .append(WIDTH)
                .append("\" height=\"")
                .append(height)
                .append("\" role=\"img\">\n<title>")
                .append(escape("Forecast of " + title))
                .append("</title>\n<desc>")
                .append(escape(subtitle))
                .append("</desc>\n<style>\n")
                .append(STYLE)
                .append("</style>\n");
        svg.append("<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
        text("title", left, 36, shorten(title, 60));
        text("", left, 58, shorten(subtitle, LONGEST_TITLE));
        legend();
        int top = HEADER;
        for (int i = 0; i < panels.size(); i++) {
            text("name", left, top + PANEL_TITLE - 11, shorten(panels.get(i).title(), LONGEST_TITLE));
            panel(panels.get(i), ticks.get(i), top + PANEL_TITLE, dated(i));
            top += PANEL_TITLE + PANEL + (dated(i) ? DATES : GAP);
        }
        return svg.append("</svg>\n").toString();
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
        svg.append("<rect class=\"future\" x=\"")
                .append(number(now))
                .append("\" y=\"")
                .append(top)
                .append("\" width=\"")
                .append(number(right - now))
                .append("\" height=\"")
                .append(PANEL)
                .append("\"/>\n");
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
        for (int i : Thinned.indices(panel, first, end, 2 * (WIDTH - left - RIGHT))) {
            if (Float.isNaN(panel.value(i))) {
                pen = false;
                continue;
            }
            path.append(pen ? 'L' : 'M')
                    .append(number(x(panel.localTime(i), from, to)))
                    .append(' ')
                    .append(number(y(panel.value(i), values, top)));
            boolean alone = !pen && (i + 1 == end || Float.isNaN(panel.value(i + 1)));
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
            float value = i < steps ? band.high()[step] : band.low()[step];
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
        if (data.isEmpty()) return;
        svg.append("<path class=\"").append(style).append("\" d=\"").append(data).append("\"/>\n");
    }

    private void text(String style, double x, double y, String text) {
        svg.append("<text");
        if (!style.isEmpty()) svg.append(" class=\"").append(style).append('"');
        svg.append(" x=\"")
                .append(number(x))
                .append("\" y=\"")
                .append(number(y))
                .append("\">")
                .append(escape(text))
                .append("</text>\n");
    }

    /** A number rounded to tenths of a pixel. String.format would take longer than the rest of the picture. */
    private static String number(double value) {
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

    /** Text for XML 1.0, which cannot express most control characters and single surrogates. */
    private static String escape(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c == '&') out.append("&amp;");
            else if (c == '<') out.append("&lt;");
            else if (c == '>') out.append("&gt;");
            else if (c < ' ' || (c >= 0x7f && c < 0xa0) || (c >= 0xd800 && c < 0xe000) || c == 0xfffe || c == 0xffff) {
                out.append('?');
            } else out.appendCodePoint(c);
        });
        return out.toString();
    }
}
