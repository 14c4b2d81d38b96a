package org.ttm4j.eval.table;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.ttm4j.data.csv.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.ttm.Forecast;

/**
 * Forecasts as a CSV (RFC 4180, but lines end in a line feed). The columns are the id of the series where the file has
 * ids, the time, one for each forecast channel, and then, channel by channel, one for each quantile, such as
 * {@code load.q0.1}. The cells of quantiles are empty for a series that has none. Numbers are the shortest that read
 * back as the same float, without an exponent.
 *
 * @param csv the series that were forecast
 * @param id the name of the id column; null for a single series without one
 * @param forecasts a forecast for each series of the file
 */
public record ForecastTable(CsvFile csv, String id, List<Forecast> forecasts) {

    /** Writes the header and all rows, series after series. */
    public void writeTo(Appendable out) throws IOException {
        if (id != null) cell(out, id).append(',');
        cell(out, csv.timeColumn());
        for (int channel : forecasts.get(0).channels()) {
            cell(out.append(','), csv.series().get(0).channels().get(channel));
        }
        double[] levels = levels();
        for (int channel : forecasts.get(0).channels()) {
            for (double level : levels) {
                cell(out.append(','), csv.series().get(0).channels().get(channel) + ".q" + level);
            }
        }
        out.append('\n');
        for (int i = 0; i < forecasts.size(); i++) rows(out, csv.series().get(i), forecasts.get(i), levels.length);
    }

    /** The levels of the first forecast that has quantiles; all have the same levels or none. */
    private double[] levels() {
        return forecasts.stream()
                .filter(forecast -> forecast.quantiles().isPresent())
                .findFirst()
                .map(forecast -> forecast.quantiles().get().levels())
                .orElse(new double[0]);
    }

    private void rows(Appendable out, TimeSeries series, Forecast forecast, int levels) throws IOException {
        for (int t = 0; t < forecast.horizon(); t++) {
            if (id != null) cell(out, series.id()).append(',');
            cell(out, series.axis().labelAt(series.length() + (long) t));
            for (float[] channel : forecast.values()) out.append(',').append(number(channel[t]));
            for (int c = 0; c < forecast.values().length; c++) {
                for (int i = 0; i < levels; i++) {
                    out.append(',');
                    if (forecast.quantiles().isPresent())
                        out.append(number(forecast.quantiles().get().values()[i][c][t]));
                }
            }
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
