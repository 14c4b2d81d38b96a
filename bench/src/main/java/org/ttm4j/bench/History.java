package org.ttm4j.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ttm4j.ttm.io.AtomicFile;

/**
 * A table of the shares of the machine's peak over the commits, one row a measurement, and its picture beside it. Shares
 * say more than times from one machine to another, and under other load.
 */
final class History {
    /** The columns after date, commit, processor, JDK, load average and peak. */
    static final List<Measure> SHARES = List.of(Measure.PEAK_SHARE_1, Measure.PEAK_SHARE_7, Measure.PEAK_SHARE_BATCH,
            Measure.TRAIN_PEAK_SHARE);

    private static final String HEADER = "date,commit,processor,jdk,load,peak_gflops,"
            + SHARES.stream().map(Measure::key).collect(Collectors.joining(",")) + "\n";
    private static final int COLUMNS = HEADER.split(",").length;

    private final Path table;

    History(Path table) {
        this.table = table;
    }

    /** Adds a row and draws all. */
    void add(Machine machine, Map<Measure, Measure.Result> ratios) throws IOException {
        Double peak = ratios.get(Measure.PEAK_SHARE_BATCH).other();
        StringBuilder row = new StringBuilder().append(machine.date())
                .append(',')
                .append(machine.commit())
                .append(',')
                .append(machine.processor().replace(',', ' '))
                .append(',')
                .append(machine.jdk().replace(',', ' '))
                .append(',')
                .append(machine.loadText())
                .append(String.format(Locale.ROOT, ",%.1f", peak));
        for (Measure share : SHARES) row.append(String.format(Locale.ROOT, ",%.4f", share.ratio(ratios.get(share))));
        String old = Files.exists(table) ? Files.readString(table) : HEADER;
        String text = old + row + "\n";
        String picture = HistoryPlot.of(rows(text));
        String name = table.getFileName().toString().replaceFirst("\\.csv$", "") + ".svg";
        AtomicFile.write(table, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        AtomicFile.write(table.resolveSibling(name), out -> out.write(picture.getBytes(StandardCharsets.UTF_8)));
    }

    /** A measurement; shares in the order of {@link #SHARES}. */
    record Row(String date, String commit, double[] shares) {}

    private List<Row> rows(String text) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : text.lines().skip(1).toList()) {
            String[] cells = line.split(",");
            if (cells.length != COLUMNS) {
                throw new IOException(table + ", line " + (rows.size() + 2) + ": expected " + COLUMNS + " columns");
            }
            double[] shares = new double[SHARES.size()];
            for (int i = 0; i < shares.length; i++) {
                shares[i] = Double.parseDouble(cells[COLUMNS - shares.length + i]);
            }
            rows.add(new Row(cells[0], cells[1], shares));
        }
        return rows;
    }

    /** The shares of the peak over the commits as an SVG: a line for each share, a point for each measurement. */
    private static final class HistoryPlot {
        private static final int WIDTH = 960;
        private static final int HEIGHT = 420;
        private static final int LEFT = 64;
        private static final int RIGHT = 190;
        private static final int TOP = 56;
        private static final int BOTTOM = 70;
        /** Apart for eyes that tell few colours. */
        private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#aa4499");
        private static final List<String> NAMES = List.of("1 series", "7 channels", "batch 64 × 7", "training step");

        private HistoryPlot() {}

        /** Draws at least one row. */
        static String of(List<History.Row> rows) {
            StringBuilder svg = new StringBuilder(String.format(Locale.ROOT, """
                    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
                    <style>
                    text { font: 13px sans-serif; fill: #444 } .title { font-size: 17px } .end { text-anchor: end }
                    .grid { stroke: #ddd } polyline { fill: none; stroke-width: 2 }
                    </style>
                    <rect width="%d" height="%d" fill="#fff"/>
                    <text class="title" x="%d" y="32">Share of the peak of one core, by commit</text>
                    """, WIDTH, HEIGHT, WIDTH, HEIGHT, WIDTH, HEIGHT, LEFT));
            for (int percent = 0; percent <= 100; percent += 20) {
                double y = y(percent / 100.0);
                svg.append(String.format(Locale.ROOT,
                        """
                                <line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/><text class="end" x="%d" y="%.1f">%d %%</text>
                                """,
                        LEFT, WIDTH - RIGHT, y, y, LEFT - 8, y + 4, percent));
            }
            int each = Math.max(1, (rows.size() + 7) / 8);
            for (int i = 0; i < rows.size(); i += each) {
                double x = x(i, rows.size());
                svg.append(String.format(Locale.ROOT, """
                        <text x="%.1f" y="%d">%s</text><text x="%.1f" y="%d">%s</text>
                        """, x - 30, HEIGHT - BOTTOM + 24, text(rows.get(i).commit(), 8), x - 30, HEIGHT - BOTTOM + 42,
                        text(rows.get(i).date(), 10)));
            }
            // A name stands beside the end of its line, below the one before where that would cover it.
            double free = Double.NEGATIVE_INFINITY;
            double[] last = rows.get(rows.size() - 1).shares();
            List<Integer> downwards = IntStream.range(0, last.length)
                    .boxed()
                    .sorted((a, b) -> Double.compare(last[b], last[a]))
                    .toList();
            for (int share : downwards) {
                free = Math.max(free + 18, y(last[share]) + 4);
                svg.append(curve(rows, share, free));
            }
            return svg.append("</svg>\n").toString();
        }

        private static String curve(List<History.Row> rows, int share, double nameAt) {
            StringBuilder points = new StringBuilder();
            StringBuilder dots = new StringBuilder();
            for (int i = 0; i < rows.size(); i++) {
                double x = x(i, rows.size());
                double y = y(rows.get(i).shares()[share]);
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
                dots.append(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x, y,
                        COLOURS.get(share)));
            }
            return String.format(Locale.ROOT, "<polyline stroke=\"%s\" points=\"%s\"/>%s%n", COLOURS.get(share),
                    points.toString().strip(), dots)
                    + String.format(Locale.ROOT, "<text x=\"%d\" y=\"%.1f\" style=\"fill:%s\">%s, %s</text>%n",
                            WIDTH - RIGHT + 12, nameAt, COLOURS.get(share), NAMES.get(share),
                            Report.percent(rows.get(rows.size() - 1).shares()[share]));
        }

        private static String text(String cell, int most) {
            String safe = cell.replaceAll("[^A-Za-z0-9.:-]", "");
            return safe.substring(0, Math.min(most, safe.length()));
        }

        private static double x(int i, int count) {
            int margin = 36;
            int width = WIDTH - LEFT - RIGHT - 2 * margin;
            return LEFT + margin + (count == 1 ? width / 2.0 : (double) width * i / (count - 1));
        }

        private static double y(double share) {
            return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.min(1, Math.max(0, share));
        }
    }
}
