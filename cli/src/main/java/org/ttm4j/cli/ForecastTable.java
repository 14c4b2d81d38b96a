package org.ttm4j.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.ttm4j.data.CsvFile;
import org.ttm4j.data.TimeSeries;
import org.ttm4j.ttm.Forecast;

/**
 * Forecasts as a CSV (RFC 4180, but lines end in a line feed): time and a column for each forecast channel, with the
 * series' id in front where there are several. Numbers are the shortest that read back as the same float, without
 * exponent.
 *
 * @param csv what was forecast
 * @param id the name of the id column; null for a single series without one
 * @param forecasts one for each series of the file
 */
record ForecastTable(CsvFile csv, String id, List<Forecast> forecasts) {

    /** Writes the header and all rows, series after series. */
    void writeTo(Appendable out) throws IOException {
        if (id != null) cell(out, id).append(',');
        cell(out, csv.timeColumn());
        for (int channel : forecasts.get(0).channels()) {
            cell(out.append(','), csv.series().get(0).channels().get(channel));
        }
        out.append('\n');
        for (int i = 0; i < forecasts.size(); i++) rows(out, csv.series().get(i), forecasts.get(i));
    }

    private void rows(Appendable out, TimeSeries series, Forecast forecast) throws IOException {
        for (int t = 0; t < forecast.horizon(); t++) {
            if (id != null) cell(out, series.id()).append(',');
            cell(out, series.axis().labelAt(series.length() + (long) t));
            for (float[] channel : forecast.values()) out.append(',').append(number(channel[t]));
            out.append('\n');
        }
    }

    private static String number(float value) {
        String shortest = Float.toString(value);
        if (shortest.indexOf('E') >= 0) return new BigDecimal(shortest).toPlainString();
        return shortest.endsWith(".0") ? shortest.substring(0, shortest.length() - 2) : shortest;
    }

    private static Appendable cell(Appendable out, String text) throws IOException {
        boolean quoted = !text.equals(text.strip());
        for (int i = 0; i < text.length(); i++) quoted |= "\",\n\r".indexOf(text.charAt(i)) >= 0;
        return out.append(quoted ? '"' + text.replace("\"", "\"\"") + '"' : text);
    }
}
