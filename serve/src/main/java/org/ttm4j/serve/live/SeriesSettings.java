package org.ttm4j.serve.live;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.TemporalAmount;
import java.util.Map;
import org.ttm4j.forecast.live.AnomalySearch;
import org.ttm4j.serve.forecast.ForecastBody;
import org.ttm4j.serve.forecast.ForecastBody.Options;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.JsonBody;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.settings.Settings.Limits;

/**
 * What is asked of a series that is kept. Immutable.
 *
 * @param frequency the time between two values
 * @param options of its forecasts
 * @param anomalies level of the intervals that its values are judged by as they arrive; 0 for not
 */
record SeriesSettings(TemporalAmount frequency, Options options, double anomalies) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Reads a body to its end. */
    static SeriesSettings read(JsonBody json, Limits limits, String defaultModel) throws IOException {
        TemporalAmount frequency = null;
        double anomalies = 0;
        Options options = Options.defaults(defaultModel);
        json.beginObject();
        for (String member = json.nextMember(); member != null; member = json.nextMember()) {
            switch (member) {
                case "frequency" -> frequency = ForecastBody.frequency(json);
                case "anomalies" -> anomalies = level(json);
                default -> options = options.with(member, json, limits,
                        "frequency, horizon, quantiles, mode, model or anomalies");
            }
        }
        json.end();
        if (frequency == null) throw new Problem(Type.INVALID_VALUE, "expected a frequency", "/frequency");
        return new SeriesSettings(frequency, options, anomalies);
    }

    private static double level(JsonBody json) throws IOException {
        double level = json.number();
        if (level >= AnomalySearch.LEAST_LEVEL && level <= AnomalySearch.MOST_LEVEL) return level;
        throw json.expected("a level from " + AnomalySearch.LEAST_LEVEL + " to " + AnomalySearch.MOST_LEVEL);
    }

    /** Reads what {@link #text} has written. */
    static SeriesSettings of(String text, Limits limits) throws IOException {
        return read(new JsonBody(JSON.createParser(text)), limits, "");
    }

    /** As JSON that {@link #read} reads. */
    String text() {
        return new String(Json.bytes(members()), StandardCharsets.UTF_8);
    }

    Map<String, Object> members() {
        boolean days = frequency instanceof Duration step && step.equals(Duration.ofDays(step.toDays()));
        String text = days ? "P" + ((Duration) frequency).toDays() + "D" : frequency.toString();
        return Json.object("frequency", text, "model", options.model(), "mode", options.mode().toString(), "horizon",
                options.horizon() > 0 ? options.horizon() : null, "quantiles",
                options.levels().length > 0 ? options.levels() : null, "anomalies", anomalies > 0 ? anomalies : null);
    }
}
