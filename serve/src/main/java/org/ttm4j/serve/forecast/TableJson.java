package org.ttm4j.serve.forecast;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.serve.forecast.Forecasting.Outcome;

/** Answers a table in JSON: its forecasts, and what a page needs to draw them beside their history. Stateless. */
final class TableJson {
    /** Numbers of history in one answer; longer histories are cut at their beginning. */
    private static final int MOST_NUMBERS = 200_000;

    private TableJson() {}

    /**
     * Writes {@code time}, {@code columns}, {@code forecasts}, {@code repaired} and {@code left_out} into an open object.
     *
     * @param outcomes of the series of the table, in their order
     * @param history the last steps of each series to repeat
     */
    static void write(JsonGenerator out, CsvFile csv, List<Outcome> outcomes, int history) throws IOException {
        int channels = csv.series().stream().mapToInt(series -> series.channels().size()).sum();
        int steps = Math.min(history, MOST_NUMBERS / Math.max(1, channels));
        out.writeStringField("time", csv.layout().time());
        texts(out, "columns", csv.layout().columns());
        out.writeArrayFieldStart("forecasts");
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i).problem() == null) forecast(out, csv.series().get(i), outcomes.get(i), steps);
        }
        out.writeEndArray();
        texts(out, "repaired", csv.report().lines().toList());
        out.writeArrayFieldStart("left_out");
        for (DataException unread : csv.rejected()) leftOut(out, null, unread.getMessage());
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i).problem() == null) continue;
            leftOut(out, csv.series().get(i).id(), outcomes.get(i).problem().getMessage());
        }
        out.writeEndArray();
    }

    private static void forecast(JsonGenerator out, TimeSeries series, Outcome outcome, int history)
            throws IOException {
        out.writeStartObject();
        if (series.id() != null) out.writeStringField("id", series.id());
        texts(out, "channels", series.channels());
        int from = Math.max(0, series.length() - history);
        out.writeObjectFieldStart("history");
        times(out, series.axis(), from, series.length());
        out.writeArrayFieldStart("values");
        for (double[] channel : series.doubleValues()) {
            out.writeStartArray();
            for (int t = from; t < series.length(); t++) {
                if (Double.isNaN(channel[t])) out.writeNull();
                else out.writeNumber(channel[t]);
            }
            out.writeEndArray();
        }
        out.writeEndArray();
        out.writeEndObject();
        times(out, series.axis(), series.length(), series.length() + outcome.forecast().horizon());
        ForecastJson.writeMembers(out, outcome.forecast(), false, outcome.forecast().models().get(0).name());
        out.writeEndObject();
    }

    /** In ISO 8601, on the clock of the table; the numbers of its rows where it has no times. */
    private static void times(JsonGenerator out, TimeAxis axis, int from, int to) throws IOException {
        boolean numbers = axis.format().pattern().equals(TimeFormat.NUMBERS);
        out.writeArrayFieldStart("times");
        for (int t = from; t < to; t++) {
            out.writeString(numbers ? axis.labelAt(t) : ForecastJson.text(TimeAxis.local(axis.localTimeAt(t))));
        }
        out.writeEndArray();
    }

    private static void texts(JsonGenerator out, String name, List<String> texts) throws IOException {
        out.writeArrayFieldStart(name);
        for (String text : texts) out.writeString(text);
        out.writeEndArray();
    }

    private static void leftOut(JsonGenerator out, String id, String detail) throws IOException {
        out.writeStartObject();
        if (id != null) out.writeStringField("id", id);
        out.writeStringField("detail", detail);
        out.writeEndObject();
    }
}
