package org.ttm4j.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ttm4j.ttm.io.Json;

/** The numbers of the short version, as one JSON object or for people. */
final class Report {
    private Report() {}

    /** The ratios by name, and the peak in GFLOP/s; null where the peer is absent. */
    static String json(Comparison.Outcome outcome) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (Measure measure : Measure.values()) {
            object.put(measure.key(), rounded(measure.ratio(outcome.ratios().get(measure)), 1e4));
        }
        object.put("peak_gflops", rounded(outcome.ratios().get(Measure.PEAK_SHARE_BATCH).other(), 10));
        return Json.pretty(object);
    }

    private static Double rounded(double value, double parts) {
        return Double.isNaN(value) ? null : Math.round(value * parts) / parts;
    }

    static String markdown(Comparison.Outcome outcome) {
        MarkdownTable table = new MarkdownTable("", "unit", "TTM4J", "other", "ratio", "target", "against");
        for (Measure measure : Measure.values()) {
            Measure.Result result = outcome.ratios().get(measure);
            table.row(measure.what, measure.unit, number(result.ours()), number(result.other()),
                    number(measure.ratio(result)), measure.target, measure.other);
        }
        return table + "\nThe bundled 512-96, which has a token more, forecasts one series in "
                + number(outcome.bundled()) + " ms. GFLOP/s count matrix products alone, and the time of everything.\n";
    }

    /** Three significant digits; a dash for NaN. */
    static String number(double value) {
        if (Double.isNaN(value)) return "–";
        double size = Math.abs(value);
        String format = size >= 100 || size == 0 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }

    static String percent(double share) {
        return Math.round(100 * share) + " %";
    }

    /** A Markdown table that also reads well in a terminal: columns are padded, all but the first to the right. */
    static final class MarkdownTable {
        private final List<String[]> rows = new ArrayList<>();

        MarkdownTable(String... header) {
            rows.add(header);
        }

        /** Adds a row with as many cells as the header. */
        MarkdownTable row(String... cells) {
            if (cells.length != rows.get(0).length) {
                throw new IllegalArgumentException(cells.length + " cells for " + rows.get(0).length + " columns");
            }
            rows.add(cells);
            return this;
        }

        @Override
        public String toString() {
            int columns = rows.get(0).length;
            int[] widths = new int[columns];
            for (String[] row : rows) {
                for (int i = 0; i < columns; i++) widths[i] = Math.max(widths[i], row[i].length());
            }
            StringBuilder text = new StringBuilder();
            for (int r = 0; r < rows.size(); r++) {
                for (int i = 0; i < columns; i++)
                    text.append(String.format("| %" + (i > 0 ? "" : "-") + widths[i] + "s ", rows.get(r)[i]));
                text.append("|\n");
                if (r > 0) continue;
                for (int i = 0; i < columns; i++) {
                    text.append('|').append("-".repeat(widths[i] + 1)).append(i > 0 ? ':' : '-');
                }
                text.append("|\n");
            }
            return text.toString();
        }
    }
}
