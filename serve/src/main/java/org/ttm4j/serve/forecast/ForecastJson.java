package org.ttm4j.serve.forecast;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.Temporal;
import java.util.List;
import java.util.Map;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.interval.Quantiles;

/** Writes a forecast's members. Stateless. */
public final class ForecastJson {
    private ForecastJson() {}

    /**
     * Writes {@code times}, {@code values}, {@code quantiles}, {@code model}, {@code weights} and {@code notes} into an
     * open object; those that the forecast lacks are left out.
     *
     * @param flat whether the one channel is written as an array of numbers, not of arrays
     * @param model that made it
     */
    public static void writeMembers(JsonGenerator out, Forecast forecast, boolean flat, String model)
            throws IOException {
        if (forecast.times().isPresent()) {
            out.writeArrayFieldStart("times");
            for (Temporal time : forecast.times().get()) out.writeString(text(time));
            out.writeEndArray();
        }
        out.writeFieldName("values");
        double[][] values = forecast.doubleValues();
        rows(out, flat, values.length, c -> numbers(out, values[c]));
        if (forecast.quantiles().isPresent()) {
            Quantiles quantiles = forecast.quantiles().get();
            out.writeObjectFieldStart("quantiles");
            double[] levels = quantiles.levels();
            for (double one : levels) {
                double[][] level = quantiles.doublesAt(one);
                out.writeFieldName(Double.toString(one));
                rows(out, flat, level.length, c -> numbers(out, level[c]));
            }
            out.writeEndObject();
        }
        out.writeStringField("model", model);
        List<Map<String, Double>> weights = forecast.weights();
        if (!weights.isEmpty()) {
            out.writeFieldName("weights");
            rows(out, flat, weights.size(), c -> weights(out, weights.get(c)));
        }
        out.writeArrayFieldStart("notes");
        for (String note : forecast.notes()) out.writeString(note);
        out.writeEndArray();
    }

    /** A time in ISO 8601, with seconds where it has a time of day. */
    public static String text(Temporal time) {
        if (time instanceof OffsetDateTime) return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
        return time instanceof LocalDateTime ? DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time) : time.toString();
    }

    @FunctionalInterface
    private interface Row {
        void write(int channel) throws IOException;
    }

    private static void rows(JsonGenerator out, boolean flat, int channels, Row row) throws IOException {
        if (flat) {
            row.write(0);
            return;
        }
        out.writeStartArray();
        for (int c = 0; c < channels; c++) row.write(c);
        out.writeEndArray();
    }

    private static void numbers(JsonGenerator out, double[] values) throws IOException {
        out.writeArray(values, 0, values.length);
    }

    private static void weights(JsonGenerator out, Map<String, Double> weights) throws IOException {
        out.writeStartObject();
        for (Map.Entry<String, Double> member : weights.entrySet()) {
            out.writeNumberField(member.getKey(), member.getValue());
        }
        out.writeEndObject();
    }
}
