package org.ttm4j.flink;

import static org.apache.flink.table.api.Expressions.$;
import static org.apache.flink.table.api.Expressions.descriptor;
import static org.apache.flink.table.api.Expressions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.flink.Readings.Reading;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.forecast.live.SharedForecasters;

/** In a cluster of this JVM with a parallelism of two. */
@Tag("engine")
@ExtendWith(LocalCluster.class)
class TtmForecastFunctionTest {
    private static final Forecaster MODEL = SharedForecasters.get("96-24", "fast");
    private static final String ARGUMENTS = "series => TABLE readings PARTITION BY id, data_col => DESCRIPTOR(v), "
            + "on_time => DESCRIPTOR(ts), model => '96-24', ";
    private static final String FAST = "horizon => 3, mode => 'fast', ";

    private final StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment()
            .setParallelism(2);
    private final StreamTableEnvironment tables = StreamTableEnvironment.create(environment);

    private void register(List<Reading> readings, Duration delay) {
        Readings.register(tables, Readings.stream(environment, readings, delay));
    }

    private static List<Reading> hourly(int keys, int hours) throws Exception {
        List<Reading> readings = new ArrayList<>();
        for (long i = 0; i < keys * hours; i++) readings.add(Readings.hourly(keys).map(i));
        return readings;
    }

    private Table forecast(String arguments) {
        return tables.sqlQuery("SELECT * FROM TTM_FORECAST(" + ARGUMENTS + arguments + ")");
    }

    /** All rows, by their text. */
    private static List<Row> sorted(Table table) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (CloseableIterator<Row> all = table.execute().collect()) {
            all.forEachRemaining(rows::add);
        }
        return sorted(rows);
    }

    private static List<Row> sorted(List<Row> rows) {
        return rows.stream().sorted(Comparator.comparing(Row::toString)).toList();
    }

    @Test
    void forecastsAreThoseOfTheForecaster() throws Exception {
        register(hourly(3, 40), Duration.ZERO);
        List<Row> rows = sorted(forecast(FAST + "context_window => 24, `every` => INTERVAL '1' HOUR"));
        assertEquals(sorted(Expected.hourly(MODEL, 3, 40, 1, 24, 3)), rows);
    }

    @Test
    void forecastsAreMadeEverySoManySteps() throws Exception {
        register(hourly(2, 49), Duration.ZERO);
        List<Row> rows = sorted(
                forecast(FAST + "`every` => INTERVAL '1' DAY, frequency => INTERVAL '1' HOUR, context_window => 30"));
        assertEquals(sorted(Expected.hourly(MODEL, 2, 49, 24, 30, 3)), rows);
    }

    @Test
    void quantilesComeInTheOrderOfTheirLevels() throws Exception {
        register(hourly(1, 72), Duration.ZERO);
        List<Row> rows = sorted(forecast("horizon => 2, quantiles => ARRAY[0.1, 0.75], `every` => INTERVAL '2' DAY, "
                + "frequency => INTERVAL '1' HOUR"));
        double[] history = new double[49];
        for (int t = 0; t < 49; t++) history[t] = Readings.value(0, t);
        Quantiles quantiles = SharedForecasters.get("96-24", "balanced")
                .forecast(ForecastRequest.of(new double[][]{history})
                        .withHorizon(2)
                        .withFrequency(Duration.ofHours(1))
                        .withQuantiles(0.1, 0.75))
                .quantiles()
                .orElseThrow();
        Row second = rows.get(1);
        assertEquals(Expected.time(48), second.getField("rowtime"));
        assertEquals(2, second.getField("step"));
        Double[] values = second.getFieldAs("quantiles");
        assertEquals(quantiles.values()[0][0][1], values[0].floatValue());
        assertEquals(quantiles.values()[1][0][1], values[1].floatValue());
    }

    /** Rows out of order, within the delay of the watermark, twice, of null and missing at all. */
    @Test
    void orderAndDuplicatesDoNotMatterAndGapsAreMissing() throws Exception {
        List<Reading> readings = new ArrayList<>();
        double[] history = new double[30];
        for (int t = 0; t < 30; t++) {
            boolean missing = t == 7 || t == 8 || t == 20;
            history[t] = missing ? Double.NaN : Readings.value(0, t);
            if (missing && t != 20) continue;
            Reading reading = Reading.of("s0", t, missing ? null : history[t]);
            readings.add(t % 3 == 2 ? readings.size() - 1 : readings.size(), reading);
            if (t % 4 == 0) readings.add(reading);
        }
        register(readings, Duration.ofHours(3));
        List<Row> rows = sorted(forecast(FAST + "`every` => INTERVAL '1' HOUR"));
        List<Row> expected = new ArrayList<>();
        for (int t = 2; t < 30; t++) {
            if (!Double.isNaN(history[t])) {
                expected.addAll(Expected.rows(MODEL, "s0", t, 3, Arrays.copyOf(history, t + 1)));
            }
        }
        assertEquals(sorted(expected), rows);
    }

    /** Flink 2.3 gives late rows to functions; up to 2.2 it drops them. */
    @Test
    void lateRowsCountInLaterForecastsAlone() throws Exception {
        List<Reading> readings = new ArrayList<>();
        double[] history = new double[12];
        for (int t = 0; t < 12; t++) history[t] = Readings.value(0, t);
        for (int t = 0; t < 12; t++) {
            if (t != 5) readings.add(Reading.of("s0", t, history[t]));
            if (t == 8) readings.add(Reading.of("s0", 5, history[5]));
        }
        register(readings, Duration.ZERO);
        List<Row> rows = sorted(forecast(FAST + "`every` => INTERVAL '1' HOUR"));
        List<Row> expected = new ArrayList<>();
        for (int t = 2; t < 12; t++) {
            double[] seen = Arrays.copyOf(history, t + 1);
            // The late one came when the watermark had passed hour 7, and before it passed hour 8.
            if (t < 8 && t >= 5) seen[5] = Double.NaN;
            if (t != 5) expected.addAll(Expected.rows(MODEL, "s0", t, 3, seen));
        }
        assertEquals(sorted(expected), rows);
    }

    @Test
    void aSeriesThatTheModelRefusesHasNoForecastAndDisturbsNoOther() throws Exception {
        List<Reading> readings = new ArrayList<>();
        for (int t = 0; t < 12; t++) {
            readings.add(Reading.of("s0", t, Readings.value(0, t)));
            readings.add(Reading.of("huge", t, t % 2 == 0 ? 3e38 : -3e38));
            readings.add(Reading.of("infinite", t, Double.POSITIVE_INFINITY));
            readings.add(Reading.of("missing", t, null));
        }
        register(readings, Duration.ZERO);
        List<Row> rows = sorted(forecast(FAST + "`every` => INTERVAL '1' HOUR"));
        List<Row> ofGood = rows.stream().filter(row -> row.getField("id").equals("s0")).toList();
        assertEquals(sorted(Expected.hourly(MODEL, 1, 12, 1, 512, 3)), ofGood);
        assertTrue(rows.stream().noneMatch(row -> List.of("infinite", "missing").contains(row.getField("id"))));
    }

    /** Its watermark passes all others, whose rows are late then. */
    @Test
    void aWildTimeSilencesNoSeries() throws Exception {
        List<Reading> readings = new ArrayList<>(hourly(2, 12));
        readings.add(9, new Reading("s0", 253_402_300_799_000L, 1.0));
        register(readings, Duration.ZERO);
        assertEquals(sorted(Expected.hourly(MODEL, 2, 12, 1, 512, 3)),
                sorted(forecast(FAST + "`every` => INTERVAL '1' HOUR")));
    }

    @Test
    void theTableApiIsTheSame() throws Exception {
        register(hourly(2, 12), Duration.ZERO);
        Table rows = tables.from("readings")
                .partitionBy($("id"))
                .process("TTM_FORECAST", descriptor("v").asArgument("data_col"), lit(3).asArgument("horizon"),
                        lit(Duration.ofHours(1)).asArgument("every"), lit("96-24").asArgument("model"),
                        lit("fast").asArgument("mode"), descriptor("ts").asArgument("on_time"));
        assertEquals(sorted(Expected.hourly(MODEL, 2, 12, 1, 512, 3)), sorted(rows));
    }

    @Test
    void anomaliesAreThoseOfTheLastForecast() throws Exception {
        List<Reading> readings = new ArrayList<>();
        double[] history = new double[72];
        for (int t = 0; t < 72; t++) history[t] = Readings.value(0, t) + (t == 60 ? 100 : 0);
        for (int t = 0; t < 72; t++) readings.add(Reading.of("s0", t, history[t]));
        register(readings, Duration.ZERO);
        tables.createTemporarySystemFunction("TTM_ANOMALIES", TtmAnomaliesFunction.class);
        List<Row> rows = sorted(tables.sqlQuery("SELECT * FROM TTM_ANOMALIES(" + ARGUMENTS
                + "horizon => 24, level => 0.9, `every` => INTERVAL '1' DAY, frequency => INTERVAL '1' HOUR)"));
        int judged = 0;
        for (Row row : rows) {
            int t = (int) Duration.between(Expected.time(49), row.<Instant>getFieldAs("rowtime")).toHours();
            if (t < 0) continue;
            judged++;
            double value = row.<Double>getFieldAs("observed");
            assertEquals((float) history[49 + t], (float) value);
            boolean outside = value < row.<Double>getFieldAs("lower") || value > row.<Double>getFieldAs("upper");
            assertEquals(outside, row.getFieldAs("is_anomaly"), row.toString());
            assertEquals(outside, row.getField("kind") != null);
            assertEquals(row.getFieldAs("is_anomaly"), row.getField("score") != null);
            if (t == 11) assertTrue(row.<Double>getFieldAs("score") > 3);
        }
        assertEquals(72 - 49, judged);
    }

    @Test
    void stepsThatWouldNotBeJudgedAreRefused() throws Exception {
        register(hourly(1, 1), Duration.ZERO);
        tables.createTemporarySystemFunction("TTM_ANOMALIES", TtmAnomaliesFunction.class);
        ValidationException wrong = assertThrows(ValidationException.class,
                () -> tables.sqlQuery("SELECT * FROM TTM_ANOMALIES(" + ARGUMENTS
                        + "horizon => 23, `every` => INTERVAL '1' DAY, frequency => INTERVAL '1' HOUR)"));
        assertTrue(
                ExceptionUtils.stringifyException(wrong)
                        .contains("every PT24H: expected at most PT23H, the horizon: steps after it are not judged"),
                wrong.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            horizon => 0, `every` => INTERVAL '1' HOUR | horizon 0: expected at least 1 step
            horizon => 3, `every` => INTERVAL '90' MINUTE, frequency => INTERVAL '1' HOUR | expected a multiple of the frequency
            horizon => 3, `every` => INTERVAL -'1' HOUR | every PT-1H: expected a positive time
            horizon => 3, `every` => INTERVAL '1' HOUR, mode => 'quick' | mode quick: expected fast, balanced or best
            horizon => 3, `every` => INTERVAL '1' HOUR, context_window => 0 | context 0: expected 1 to
            """)
    void wrongArgumentsAreNamed(String arguments, String message) throws Exception {
        register(hourly(1, 1), Duration.ZERO);
        ValidationException wrong = assertThrows(ValidationException.class, () -> forecast(arguments));
        assertTrue(ExceptionUtils.stringifyException(wrong).contains(message), wrong.getMessage());
    }
}
