package org.ttm4j.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ttm4j.flink.Readings.Reading;
import org.ttm4j.forecast.fixtures.OneForecast;
import org.ttm4j.forecast.live.StreamForecast;
import org.ttm4j.forecast.live.StreamSettings;

@Tag("engine")
@ExtendWith(LocalCluster.class)
class TtmForecastOperatorTest {
    @Test
    void forecastsAreThoseOfTheForecaster() throws Exception {
        StreamSettings settings = StreamSettings.of(3, Duration.ofHours(1)).withModel("96-24").withMode("fast");
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment().setParallelism(2);
        List<Row> rows = new ArrayList<>();
        DataStream<Reading> readings = Readings.stream(environment, Readings.hourly(3), 3 * 20, Duration.ZERO,
                RateLimiterStrategy.noOp());
        try (CloseableIterator<Tuple2<String, StreamForecast>> forecasts = TtmForecastOperator
                .forecast(readings.keyBy(Reading::id), settings, Reading::v, Duration.ofDays(1))
                .executeAndCollect()) {
            forecasts.forEachRemaining(made -> rows.addAll(Expected.rows(made)));
        }
        List<Row> expected = Expected.hourly(settings.forecaster(), 3, 20, 1, 512, 3);
        assertEquals(sorted(expected), sorted(rows));
    }

    /** At hours of which the last alone is a multiple of 500 since 1970, so that it is the only one with a forecast. */
    @Test
    void theDefaultForecastIsThatOfEveryDoor() throws Exception {
        int origin = 491_000 - (int) (Readings.START / Readings.HOUR);
        double[] history = OneForecast.history();
        List<Reading> readings = new ArrayList<>();
        for (int t = 0; t < history.length; t++) {
            readings.add(Reading.of("s", origin - history.length + 1 + t, history[t]));
        }
        StreamSettings settings = StreamSettings.of(OneForecast.HORIZON, Duration.ofHours(1))
                .withEvery(Duration.ofHours(500));
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment().setParallelism(1);
        List<StreamForecast> made = new ArrayList<>();
        try (CloseableIterator<Tuple2<String, StreamForecast>> forecasts = TtmForecastOperator
                .forecast(Readings.stream(environment, readings, Duration.ZERO).keyBy(Reading::id), settings,
                        Reading::v, Duration.ofDays(1))
                .executeAndCollect()) {
            forecasts.forEachRemaining(one -> made.add(one.f1));
        }
        assertEquals(1, made.size());
        OneForecast.assertSame(made.get(0).values(), "Flink");
    }

    @Test
    void aStreamWithoutTimestampsIsNamed() {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment().setParallelism(1);
        DataStream<Double> values = environment.fromData(1.0, 2.0, 3.0);
        Exception wrong = assertThrows(Exception.class,
                () -> TtmForecastOperator
                        .forecast(values.keyBy(any -> "a"),
                                StreamSettings.of(3, Duration.ofHours(1)).withModel("96-24").withMode("fast"),
                                value -> value, Duration.ofDays(1))
                        .executeAndCollect(1));
        assertTrue(ExceptionUtils.stringifyException(wrong).contains("assignTimestampsAndWatermarks"),
                wrong.getMessage());
    }

    private static List<Row> sorted(List<Row> rows) {
        return rows.stream().sorted(Comparator.comparing(Row::toString)).toList();
    }
}
