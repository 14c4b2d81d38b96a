package org.ttm4j.eval.plot;

import java.util.Arrays;
import java.util.List;

/** The layout of panels one below the other in pixels, y downwards; neighbours with the same axis across share its ticks. */
abstract class Picture implements Panel.Canvas {
    static final int WIDTH = 960;
    private static final int RIGHT = WIDTH - 28;
    private static final int HEADER = 102;
    private static final int PANEL_TITLE = 30;
    private static final int PANEL = 190;
    /** The height of a single panel. */
    private static final int LONE_PANEL = 280;
    private static final int TICKS = 44;
    private static final int GAP = 14;
    private static final double CHARACTER = 6.6;
    private static final int VALUES = 5;
    private static final int PIXELS_PER_TICK = 84;
    private static final int LONGEST_TITLE = 72;
    private static final int LONGEST_TEXT = 90;

    final String title;
    /** One line below the title. */
    final String subtitle;
    /** At least one. */
    private final List<Panel> panels;
    private final int left;
    private final int panelHeight;
    private int top;
    private boolean labelled;

    Picture(String title, String subtitle, List<Panel> panels) {
        this.title = title;
        this.subtitle = subtitle;
        this.panels = panels;
        int longest = panels.stream()
                .flatMap(panel -> panel.up().ticks(VALUES).stream())
                .mapToInt(tick -> tick.label().length())
                .max()
                .orElse(0);
        left = (int) Math.ceil(longest * CHARACTER) + 34;
        panelHeight = panels.size() == 1 ? LONE_PANEL : PANEL;
    }

    final int height() {
        int height = HEADER + GAP;
        for (int i = 0; i < panels.size(); i++) height += heightOf(i);
        return height;
    }

    private int heightOf(int panel) {
        return PANEL_TITLE + panelHeight + (isLabelled(panel) ? TICKS : GAP);
    }

    /** Whether the labels stand below this panel, which they do not when the next panel has the same. */
    private boolean isLabelled(int panel) {
        if (panel + 1 == panels.size()) return true;
        Axis here = panels.get(panel).across();
        Axis next = panels.get(panel + 1).across();
        return here.min() != next.min() || here.max() != next.max() || here.kind() != next.kind();
    }

    final void draw() {
        write("title", left, 36, shorten(title, LONGEST_TITLE));
        write("", left, 58, shorten(subtitle, LONGEST_TEXT));
        legend();
        top = HEADER;
        for (int i = 0; i < panels.size(); i++) {
            Panel panel = panels.get(i);
            write("name", left, top + PANEL_TITLE - 11, shorten(panel.title(), LONGEST_TEXT));
            top += PANEL_TITLE;
            labelled = isLabelled(i);
            line("axis", left, top + panelHeight, RIGHT, top + panelHeight);
            panel.drawOn(this, VALUES, Math.max(2, (RIGHT - left) / PIXELS_PER_TICK), 2 * (RIGHT - left));
            top += heightOf(i) - PANEL_TITLE;
        }
    }

    private void legend() {
        int x = left;
        for (Curve curve : Panel.legend(panels)) {
            if (!curve.isArea()) line(curve.style(), x, 78, x + 22, 78);
            else pixels(curve.style(), new double[]{x, x + 22, x + 22, x}, new double[]{72, 72, 84, 84}, true);
            write("", x + 29, 82, curve.name());
            x += (int) (curve.name().length() * CHARACTER) + 51;
        }
    }

    @Override
    public final void value(double up, String label) {
        line("grid", left, y(up), RIGHT, y(up));
        write("value", left - 9, y(up) + 4, label);
    }

    @Override
    public final void position(double across, Axis.Tick tick) {
        int bottom = top + panelHeight;
        line("axis", x(across), bottom, x(across), bottom + 5);
        if (!labelled) return;
        write("date", x(across), bottom + 20, tick.label());
        if (!tick.context().isEmpty()) write("date", x(across), bottom + 36, tick.context());
    }

    @Override
    public final void path(String style, double[] across, double[] up, boolean closed) {
        pixels(style, Arrays.stream(across).map(this::x).toArray(), Arrays.stream(up).map(this::y).toArray(), closed);
    }

    private double x(double across) {
        return left + (RIGHT - left) * across;
    }

    private double y(double up) {
        return top + panelHeight * (1 - up);
    }

    private void line(String style, double fromX, double fromY, double toX, double toY) {
        pixels(style, new double[]{fromX, toX}, new double[]{fromY, toY}, false);
    }

    private static String shorten(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
    }

    /** A path as {@link #path} has it, in pixels. */
    abstract void pixels(String style, double[] x, double[] y, boolean closed);

    /** A line of text; an empty style for the usual. */
    abstract void write(String style, double x, double y, String text);
}
