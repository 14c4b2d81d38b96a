package org.ttm4j.bench;

import java.util.LinkedHashMap;
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
            Double ratio = measure.ratio(outcome.ratios().get(measure));
            object.put(measure.key(), ratio == null ? null : Math.round(ratio * 1e4) / 1e4);
        }
        Double peak = outcome.ratios().get(Measure.PEAK_SHARE_BATCH).other();
        object.put("peak_gflops", peak == null ? null : Math.round(peak * 10) / 10.0);
        return Json.pretty(object);
    }

    /** A Markdown table of the ratios. */
    static String markdown(Comparison.Outcome outcome) {
        MarkdownTable table = new MarkdownTable("", "unit", "TTM4J", "other", "ratio", "target", "against");
        for (Measure measure : Measure.values()) {
            Measure.Result result = outcome.ratios().get(measure);
            Double ratio = measure.ratio(result);
            table.row(measure.what(), measure.unit(), number(result.ours()), number(result.other()), number(ratio),
                    measure.target(), measure.other());
        }
        return table + "\nThe bundled 512-96, which has a token more, forecasts one series in "
                + number(outcome.bundled()) + " ms. GFLOP/s count matrix products alone, and the time of everything.\n";
    }

    /** Three significant digits; a dash for null and NaN. */
    static String number(Double value) {
        if (value == null || value.isNaN()) return "–";
        double size = Math.abs(value);
        String format = size >= 100 || size == 0 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }

    static String percent(double share) {
        return Math.round(100 * share) + " %";
    }
}
