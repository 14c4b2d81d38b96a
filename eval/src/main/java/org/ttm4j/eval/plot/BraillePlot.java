package org.ttm4j.eval.plot;

import java.util.Arrays;
import org.ttm4j.data.series.Printable;

/**
 * Draws a forecast in a terminal with braille characters of two by four dots: the history plain, the forecast in
 * colour, the edges of the widest band dotted. Missing values are gaps.
 */
public final class BraillePlot implements Panel.Canvas {
    private static final int COLUMNS = 64;
    private static final int ROWS = 8;
    private static final int BRAILLE = 0x2800;
    /** The bit of the dot in a row and column of a character. */
    private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    private static final String COLOUR = "\033[33m";
    private static final String PLAIN = "\033[0m";
    private static final int VALUES = 3;
    private static final int POSITIONS = 5;

    private final int[][] cells = new int[ROWS][COLUMNS];
    private final String[] values = new String[ROWS];
    private final StringBuilder positions = new StringBuilder();
    private int now;
    private boolean banded;

    private BraillePlot() {
        Arrays.fill(values, "");
    }

    /** Draws a panel of a forecast in ten lines of at most eighty characters, without a line feed at the end. */
    public static String of(Panel panel) {
        BraillePlot plot = new BraillePlot();
        panel.drawOn(plot, VALUES, POSITIONS, Integer.MAX_VALUE);
        return plot.text(panel.title());
    }

    private String text(String title) {
        int width = Arrays.stream(values).mapToInt(String::length).max().orElse(0);
        String margin = " ".repeat(width + 2);
        String printable = Printable.of(title);
        StringBuilder text = new StringBuilder(margin)
                .append(printable.length() > COLUMNS ? printable.substring(0, COLUMNS - 1) + "…" : printable)
                .append('\n');
        for (int row = 0; row < ROWS; row++) {
            text.append(" ".repeat(width - values[row].length())).append(values[row]);
            text.append(values[row].isEmpty() ? " │" : " ┤");
            for (int column = 0; column < COLUMNS; column++) {
                if (column == now) text.append(COLOUR);
                text.append(cells[row][column] == 0 ? ' ' : (char) (BRAILLE + cells[row][column]));
            }
            text.append(PLAIN).append('\n');
        }
        return text.append(margin).append(positions).toString();
    }

    @Override
    public void value(double up, String label) {
        values[row(up) / DOTS.length] = label;
    }

    /** Writes the label from its position on, if there is room. */
    @Override
    public void position(double across, Axis.Tick tick) {
        String label = (tick.label() + " " + tick.context()).strip();
        int gap = column(across) / 2 - positions.length();
        boolean free = positions.length() == 0 || gap >= 2;
        if (free && positions.length() + gap + label.length() <= COLUMNS) {
            positions.append(" ".repeat(gap)).append(label);
        }
    }

    @Override
    public void path(String style, double[] across, double[] up, boolean closed) {
        switch (style) {
            case ForecastPanel.FUTURE -> {
            }
            case ForecastPanel.NOW -> now = column(across[0]) / 2 + 1;
            case ForecastPanel.BAND -> edges(across, up);
            default -> line(across, up);
        }
    }

    /** Draws the edges of the first band, one dot for each character. */
    private void edges(double[] across, double[] up) {
        for (int i = 0; i < up.length && !banded; i++) {
            int x = column(across[i]);
            if (x % 2 == 0) dot(x, row(up[i]));
        }
        banded = true;
    }

    private void line(double[] across, double[] up) {
        for (int i = 0; i < up.length; i++) {
            if (Double.isNaN(up[i])) continue;
            int from = i == 0 || Double.isNaN(up[i - 1]) ? i : i - 1;
            int fromX = column(across[from]);
            int fromY = row(up[from]);
            int toX = column(across[i]);
            int toY = row(up[i]);
            int steps = Math.max(1, Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY)));
            for (int k = 0; k <= steps; k++) {
                dot(fromX + Math.round((float) k * (toX - fromX) / steps),
                        fromY + Math.round((float) k * (toY - fromY) / steps));
            }
        }
    }

    private void dot(int x, int y) {
        cells[y / 4][x / 2] |= DOTS[y % 4][x % 2];
    }

    private static int column(double across) {
        return Math.min(2 * COLUMNS - 1, (int) (2 * COLUMNS * across));
    }

    private static int row(double up) {
        return Math.min(4 * ROWS - 1, (int) (4 * ROWS * (1 - up)));
    }
}
