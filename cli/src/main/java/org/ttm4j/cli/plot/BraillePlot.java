package org.ttm4j.cli.plot;

import org.ttm4j.data.series.Printable;

/**
 * Draws a forecast in a terminal with braille characters of two by four dots: the history plain, the forecast in
 * colour, the edges of the widest band dotted. Missing values are gaps.
 */
public final class BraillePlot {
    private static final int COLUMNS = 64;
    private static final int ROWS = 8;
    private static final int BRAILLE = 0x2800;
    /** The bit of the dot in a row and column of a character. */
    private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    private static final String COLOUR = "\033[33m";
    private static final String PLAIN = "\033[0m";

    private BraillePlot() {}

    /** Draws a panel in ten lines of at most eighty characters, without a line feed at the end. */
    public static String of(Panel panel) {
        ValueTicks ticks = ValueTicks.of(panel.min(), panel.max(), 2);
        int[][] cells = dots(panel, ticks);
        int now = (int) ((long) panel.history().length * COLUMNS / panel.length());
        String[] labels = new String[ROWS];
        int width = 0;
        for (int i = 0; i < ticks.values().length; i++) {
            int row = (int) (ROWS * position(ticks.values()[i], ticks));
            labels[Math.min(ROWS - 1, row)] = ticks.labels().get(i);
            width = Math.max(width, ticks.labels().get(i).length());
        }
        StringBuilder text = new StringBuilder();
        text.append(" ".repeat(width + 2)).append(title(panel)).append('\n');
        for (int row = 0; row < ROWS; row++) {
            String label = labels[row] == null ? "" : labels[row];
            text.append(" ".repeat(width - label.length())).append(label).append(labels[row] == null ? " │" : " ┤");
            for (int column = 0; column < COLUMNS; column++) {
                if (column == now) text.append(COLOUR);
                text.append(cells[row][column] == 0 ? ' ' : (char) (BRAILLE + cells[row][column]));
            }
            text.append(PLAIN).append('\n');
        }
        return text.append(" ".repeat(width + 2)).append(dates(panel, now)).toString();
    }

    /** The title, printable and no wider than the picture. */
    private static String title(Panel panel) {
        String title = Printable.of(panel.title());
        return title.length() > COLUMNS ? title.substring(0, COLUMNS - 1) + "…" : title;
    }

    private static int[][] dots(Panel panel, ValueTicks ticks) {
        int[][] cells = new int[ROWS][COLUMNS];
        int length = panel.length();
        int previous = -1;
        for (int i = 0; i < length; i++) {
            if (Double.isNaN(panel.value(i))) {
                previous = -1;
                continue;
            }
            int x = column(i, length);
            int y = row(panel.value(i), ticks);
            if (previous < 0) dot(cells, x, y);
            else line(cells, column(previous, length), row(panel.value(previous), ticks), x, y);
            previous = i;
        }
        for (Panel.Band band : panel.bands().subList(0, Math.min(1, panel.bands().size()))) {
            edge(cells, band.low(), panel, ticks);
            edge(cells, band.high(), panel, ticks);
        }
        return cells;
    }

    /** Draws an edge of a band, one dot for each character. */
    private static void edge(int[][] cells, double[] edge, Panel panel, ValueTicks ticks) {
        for (int i = 0; i < edge.length; i++) {
            int x = column(panel.history().length + i, panel.length());
            if (x % 2 == 0) dot(cells, x, row(edge[i], ticks));
        }
    }

    private static int column(int step, int length) {
        return (int) ((long) step * 2 * COLUMNS / length);
    }

    private static int row(double value, ValueTicks ticks) {
        return Math.min(4 * ROWS - 1, (int) (4 * ROWS * position(value, ticks)));
    }

    private static void line(int[][] cells, int fromX, int fromY, int toX, int toY) {
        int steps = Math.max(1, Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY)));
        for (int k = 0; k <= steps; k++) {
            dot(cells, fromX + Math.round((float) k * (toX - fromX) / steps),
                    fromY + Math.round((float) k * (toY - fromY) / steps));
        }
    }

    private static void dot(int[][] cells, int x, int y) {
        cells[y / 4][x / 2] |= DOTS[y % 4][x % 2];
    }

    /** 0 at the top of the axis, 1 at its bottom. */
    private static double position(double value, ValueTicks ticks) {
        return (ticks.max() - value) / (ticks.max() - ticks.min());
    }

    /**
     * The time of the first step of the history on the left if it fits, and that of the forecast below its beginning.
     */
    private static String dates(Panel panel, int now) {
        String start = panel.axis().labelAt(panel.first());
        String begin = panel.axis().labelAt(panel.first() + panel.history().length);
        int at = Math.min(now, COLUMNS - begin.length());
        if (at < start.length() + 2) return " ".repeat(Math.max(0, at)) + begin;
        return start + " ".repeat(at - start.length()) + begin;
    }
}
