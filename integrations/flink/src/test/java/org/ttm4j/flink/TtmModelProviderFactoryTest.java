package org.ttm4j.flink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.live.SharedForecasters;

@Tag("engine")
@ExtendWith(LocalCluster.class)
class TtmModelProviderFactoryTest {
    private final TableEnvironment tables = TableEnvironment.create(EnvironmentSettings.inStreamingMode());

    private void create(String input, String options) {
        tables.executeSql("CREATE TEMPORARY MODEL ttm INPUT (history " + input + ") OUTPUT (forecast ARRAY<DOUBLE>) "
                + "WITH ('provider' = 'ttm4j', 'model' = '96-24', 'frequency' = '1 h', " + options + ")");
    }

    private Map<String, Double[]> predict(String rows) throws Exception {
        Map<String, Double[]> forecasts = new HashMap<>();
        tables.executeSql("CREATE TEMPORARY VIEW windows AS SELECT * FROM (VALUES " + rows + ") AS t(id, history)");
        try (CloseableIterator<Row> all = tables
                .executeSql("SELECT id, forecast FROM ML_PREDICT(TABLE windows, MODEL ttm, DESCRIPTOR(history))")
                .collect()) {
            all.forEachRemaining(row -> forecasts.put(row.<String>getFieldAs(0).trim(), row.getFieldAs(1)));
        }
        return forecasts;
    }

    @Test
    void forecastsAreThoseOfTheForecaster() throws Exception {
        double[] history = IntStream.range(0, 50).mapToDouble(t -> Readings.value(1, t)).toArray();
        history[7] = Double.NaN;
        String values = IntStream.range(0, 50)
                .mapToObj(t -> t == 7 ? "CAST(NULL AS DOUBLE)" : "CAST(" + history[t] + " AS DOUBLE)")
                .collect(Collectors.joining(", "));
        create("ARRAY<DOUBLE>", "'horizon' = '5'");
        Map<String, Double[]> forecasts = predict("('good', ARRAY[" + values
                + "]), ('short', ARRAY[CAST(1 AS DOUBLE)]), ('none', CAST(NULL AS ARRAY<DOUBLE>))");
        double[] expected = SharedForecasters.get("96-24", "balanced")
                .forecast(ForecastRequest.of(new double[][]{history}).withHorizon(5).withFrequency(Duration.ofHours(1)))
                .doubleValues()[0];
        assertArrayEquals(IntStream.range(0, 5).mapToObj(t -> expected[t]).toArray(), forecasts.get("good"));
        assertEquals(3, forecasts.size());
        assertNull(forecasts.get("short"));
        assertNull(forecasts.get("none"));
    }

    /** Flink's planner takes them for arrays of DOUBLE, and hands on their bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "FLOAT", "BIGINT", "DECIMAL(10, 2)", "SMALLINT"})
    void arraysOfOtherNumbersAreRefused(String type) {
        create("ARRAY<DOUBLE>", "'horizon' = '3'");
        String values = IntStream.range(1, 20)
                .mapToObj(t -> "CAST(-" + t + " AS " + type + ")")
                .collect(Collectors.joining(", "));
        Exception wrong = assertThrows(Exception.class, () -> predict("('a', ARRAY[" + values + "])"));
        assertTrue(ExceptionUtils.stringifyException(wrong).contains("CAST(history AS ARRAY<DOUBLE>)"),
                wrong.getMessage());
    }

    /** Steps before the first value are no history. */
    @Test
    void ofMissingValuesAloneThereIsNoForecast() throws Exception {
        create("ARRAY<DOUBLE>", "'horizon' = '3'");
        String none = "CAST(NULL AS DOUBLE), CAST(NULL AS DOUBLE), CAST(NULL AS DOUBLE), CAST(NULL AS DOUBLE)";
        Map<String, Double[]> forecasts = predict("('none', ARRAY[" + none + "]), ('one', ARRAY[" + none
                + ", CAST(1 AS DOUBLE)]), ('wild', ARRAY[CAST(1 AS DOUBLE), CAST(1e300 AS DOUBLE), CAST(2 AS DOUBLE), "
                + "CAST(3 AS DOUBLE), CAST(2 AS DOUBLE)])");
        assertNull(forecasts.get("none"));
        assertNull(forecasts.get("one"));
        assertEquals(3, forecasts.get("wild").length);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ARRAY<DOUBLE> | 'horizon' = '0' | horizon 0: expected at least 1 step
            ARRAY<DOUBLE> | 'mode' = 'fast' | horizon
            ARRAY<DOUBLE> | 'horizon' = '1', 'mode' = 'x' | mode x: expected fast, balanced or best
            ARRAY<STRING> | 'horizon' = '1' | expected one ARRAY<DOUBLE>
            """)
    void wrongOptionsAreNamed(String input, String options, String message) {
        create(input, options);
        String element = input.contains("STRING") ? "'a'" : "CAST(1 AS DOUBLE)";
        Exception wrong = assertThrows(Exception.class, () -> predict("('a', ARRAY[" + element + "])"));
        assertTrue(ExceptionUtils.stringifyException(wrong).contains(message), wrong.getMessage());
    }
}
