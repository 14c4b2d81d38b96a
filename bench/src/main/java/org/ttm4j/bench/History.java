package org.ttm4j.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ttm4j.eval.plot.Axis;
import org.ttm4j.eval.plot.Curve;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.eval.plot.SvgPicture;
import org.ttm4j.ttm.io.AtomicFile;

/**
 * A table of the shares of the machine's peak over the commits, one row a measurement, and its picture beside it. Shares
 * say more than times from one machine to another, and under other load.
 */
record History(Path table) {
    /** The columns after date, commit, processor, JDK, load average and peak. */
    static final List<Measure> SHARES = List.of(Measure.PEAK_SHARE_1, Measure.PEAK_SHARE_7, Measure.PEAK_SHARE_BATCH,
            Measure.TRAIN_PEAK_SHARE);

    private static final String HEADER = "date,commit,processor,jdk,load,peak_gflops,"
            + SHARES.stream().map(Measure::key).collect(Collectors.joining(",")) + "\n";
    private static final int COLUMNS = HEADER.split(",").length;

    /** Adds a row and draws all. */
    void add(Machine machine, Map<Measure, Measure.Result> ratios) throws IOException {
        double peak = ratios.get(Measure.PEAK_SHARE_BATCH).other();
        StringBuilder row = new StringBuilder(
                String.join(",", machine.date(), machine.commit(), machine.processor().replace(',', ' '),
                        machine.jdk().replace(',', ' '), machine.loadText(), String.format(Locale.ROOT, "%.1f", peak)));
        for (Measure share : SHARES) row.append(String.format(Locale.ROOT, ",%.4f", share.ratio(ratios.get(share))));
        String text = (Files.exists(table) ? Files.readString(table) : HEADER) + row + "\n";
        String picture = picture(rows(text));
        String name = table.getFileName().toString().replaceFirst("\\.csv$", "") + ".svg";
        AtomicFile.write(table, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        AtomicFile.write(table.resolveSibling(name), out -> out.write(picture.getBytes(StandardCharsets.UTF_8)));
    }

    /** A measurement; shares in the order of {@link #SHARES}. */
    record Row(String date, double[] shares) {}

    private List<Row> rows(String text) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : text.lines().skip(1).toList()) {
            String[] cells = line.split(",");
            if (cells.length != COLUMNS) {
                throw new IOException(table + ", line " + (rows.size() + 2) + ": expected " + COLUMNS + " columns");
            }
            rows.add(new Row(cells[0],
                    Arrays.stream(cells, COLUMNS - SHARES.size(), COLUMNS).mapToDouble(Double::parseDouble).toArray()));
        }
        return rows;
    }

    /** A panel for each share, over the time of the measurements, as an SVG. */
    private static String picture(List<Row> rows) {
        double[] times = rows.stream().mapToDouble(row -> Instant.parse(row.date).toEpochMilli()).toArray();
        Axis across = new Axis(times[0], times[times.length - 1], Axis.Kind.DATES);
        List<Panel> panels = new ArrayList<>();
        for (int i = 0; i < SHARES.size(); i++) {
            int share = i;
            double[] shares = rows.stream().mapToDouble(row -> row.shares[share]).toArray();
            panels.add(new Panel(SHARES.get(i).what + ": " + Report.percent(shares[shares.length - 1]), across,
                    new Axis(0, 1, Axis.Kind.PERCENT),
                    List.of(Curve.line(ForecastPanel.HISTORY, "share of the peak of one core", times, shares))));
        }
        return SvgPicture.of("Speed", "by the time of each measurement", panels);
    }
}
