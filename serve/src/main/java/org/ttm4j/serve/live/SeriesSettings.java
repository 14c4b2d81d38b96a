package org.ttm4j.serve.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.temporal.TemporalAmount;
import org.ttm4j.serve.forecast.ForecastBody;
import org.ttm4j.serve.forecast.ForecastBody.Options;
import org.ttm4j.serve.http.JsonBody;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.settings.Limits;

/**
 * What is asked of a series that is kept. Immutable.
 *
 * @param frequency the time between two values
 * @param options of its forecasts
 */
record SeriesSettings(TemporalAmount frequency, Options options) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Reads a body to its end. */
    static SeriesSettings read(JsonBody json, Limits limits, String defaultModel) throws IOException {
        TemporalAmount frequency = null;
        Options options = Options.defaults(defaultModel);
        json.beginObject();
        for (String member = json.nextMember(); member != null; member = json.nextMember()) {
            if (member.equals("frequency")) {
                frequency = ForecastBody.frequency(json);
                continue;
            }
            Options read = options.with(member, json, limits);
            if (read == null) throw json.unknown(member, "frequency, horizon, quantiles, mode or model");
            options = read;
        }
        json.end();
        if (frequency == null) throw new Problem(Type.INVALID_VALUE, "expected a frequency", "/frequency");
        return new SeriesSettings(frequency, options);
    }

    /** Reads what {@link #text} has written. */
    static SeriesSettings of(String text, Limits limits) throws IOException {
        return read(new JsonBody(JSON.createParser(text)), limits, "");
    }

    /** As JSON that {@link #read} reads. */
    String text() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            writeMembers(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail", e);
        }
        return text.toString();
    }

    /** Writes the members into an object that is open. */
    void writeMembers(JsonGenerator out) throws IOException {
        out.writeStringField("frequency", frequencyText());
        out.writeStringField("model", options.model());
        out.writeStringField("mode", options.mode().toString());
        if (options.horizon() > 0) out.writeNumberField("horizon", options.horizon());
        if (options.levels().length == 0) return;
        out.writeFieldName("quantiles");
        out.writeArray(options.levels(), 0, options.levels().length);
    }

    private String frequencyText() {
        boolean days = frequency instanceof Duration step && step.equals(Duration.ofDays(step.toDays()));
        return days ? "P" + ((Duration) frequency).toDays() + "D" : frequency.toString();
    }
}
