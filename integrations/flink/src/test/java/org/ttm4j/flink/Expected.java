package org.ttm4j.flink;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.types.Row;
import org.ttm4j.flink.Readings.Reading;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.StreamForecast;

/** What the forecaster says when it is called directly. */
final class Expected {
    private Expected() {}

    /** The rows (id, forecast_timestamp, step, forecast, rowtime) of a forecast from an hour. */
    static List<Row> rows(Forecaster forecaster, String id, int origin, int horizon, double[] history) {
        Forecast forecast = forecaster.forecast(
                ForecastRequest.of(new double[][]{history}).withHorizon(horizon).withFrequency(Duration.ofHours(1)));
        List<Row> rows = new ArrayList<>();
        for (int t = 0; t < horizon; t++) {
            rows.add(Row.of(id, time(origin + t + 1), t + 1, forecast.doubleValues()[0][t], time(origin)));
        }
        return rows;
    }

    /** Those of all keys of {@link Readings#hourly}, from every so many hours on, where there are three hours or more. */
    static List<Row> hourly(Forecaster forecaster, int keys, int hours, int every, int context, int horizon) {
        List<Row> rows = new ArrayList<>();
        for (int key = 0; key < keys; key++) {
            double[] values = new double[hours];
            for (int t = 0; t < hours; t++) values[t] = Readings.value(key, t);
            for (int origin = 0; origin < hours; origin += every) {
                if (origin + 1 < forecaster.info().minimumHistory()) continue;
                rows.addAll(rows(forecaster, "s" + key, origin, horizon,
                        Arrays.copyOfRange(values, Math.max(0, origin + 1 - context), origin + 1)));
            }
        }
        return rows;
    }

    /** Those of a forecast of the operator. */
    static List<Row> rows(Tuple2<String, StreamForecast> made) {
        StreamForecast forecast = made.f1;
        List<Row> rows = new ArrayList<>();
        for (int t = 0; t < forecast.values().length; t++) {
            rows.add(Row.of(made.f0, forecast.time(t), t + 1, forecast.values()[t],
                    Instant.ofEpochMilli(forecast.origin())));
        }
        return rows;
    }

    static Instant time(int hour) {
        return Instant.ofEpochMilli(Reading.of("", hour, 0.0).time());
    }
}
