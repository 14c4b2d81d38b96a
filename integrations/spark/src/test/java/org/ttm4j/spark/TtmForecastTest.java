package org.ttm4j.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.forecast.fixtures.OneForecast;

@Tag("engine")
class TtmForecastTest extends SparkTest {
    private static final int LENGTH = 128;
    private static final ModelForecaster MODEL = Forecaster.bundled().fast();

    private static TtmForecast forecast(Dataset<Row> rows) {
        return TtmForecast.of(rows).id("meter").time("time").value("load");
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int t = 0; t < floats.length; t++) floats[t] = (float) values[t];
        return floats;
    }

    private static float[] direct(float[] values, int horizon) {
        Forecast forecast = MODEL.forecast(
                ForecastRequest.of(new float[][]{values}).withFrequency(Duration.ofHours(1)).withHorizon(horizon));
        return forecast.values()[0];
    }

    @Test
    void forecastsAreTheForecastersOwnWhateverTheOrderOfRows() {
        List<Row> rows = new ArrayList<>();
        List<float[]> values = new ArrayList<>();
        for (int series = 0; series < 60; series++) {
            float[] of = Readings.values(series, LENGTH);
            if (series == 7) of[9] = Float.NaN;
            values.add(of);
            rows.addAll(Readings.rows(series, of));
        }
        rows.removeIf(row -> row.isNullAt(2)); // a gap instead of a NULL
        Collections.shuffle(rows, new Random(1));
        Dataset<Row> result = forecast(spark.createDataFrame(rows, Readings.SCHEMA)).mode("fast")
                .horizon(24)
                .forecast();
        assertArrayEquals(new String[]{"meter", "forecast_timestamp", "step", "forecast", "problem"}, result.columns());
        List<Row> forecasts = sorted(result);
        assertEquals(60 * 24, forecasts.size());
        for (int series = 0; series < 60; series++) {
            float[] expected = direct(values.get(series), 24);
            for (int step = 0; step < 24; step++) {
                Row row = forecasts.get(series * 24 + step);
                assertEquals(Readings.id(series), row.getString(0));
                assertEquals(new Timestamp(Readings.START + (LENGTH + step) * Readings.HOUR), row.getTimestamp(1));
                assertEquals(step + 1, row.getInt(2));
                assertEquals(expected[step], (float) row.getDouble(3), 0f);
                assertTrue(row.isNullAt(4));
            }
        }
    }

    @Test
    void withoutOptionsTheForecastIsThatOfEveryDoor() {
        List<Row> made = forecast(
                spark.createDataFrame(Readings.rows(1, floats(OneForecast.history())), Readings.SCHEMA))
                .horizon(OneForecast.HORIZON)
                .forecast()
                .orderBy("step")
                .collectAsList();
        OneForecast.assertSame(made.stream().mapToDouble(row -> row.getDouble(3)).toArray(), "Spark");
    }

    @Test
    void rowsWithoutValuesAtTheEndAreForecast() {
        float[] values = Readings.values(1, LENGTH);
        float[] withTemplate = Arrays.copyOf(values, LENGTH + 3);
        Arrays.fill(withTemplate, LENGTH, withTemplate.length, Float.NaN);
        List<Row> made = forecast(spark.createDataFrame(Readings.rows(1, withTemplate), Readings.SCHEMA)).mode("fast")
                .horizon(2)
                .forecast()
                .orderBy("step")
                .collectAsList();
        assertEquals(new Timestamp(Readings.START + LENGTH * Readings.HOUR), made.get(0).getTimestamp(1));
        assertEquals(direct(values, 2)[0], (float) made.get(0).getDouble(3), 0f);
    }

    @Test
    void aSeriesThatCannotBeForecastSaysWhy() {
        List<Row> rows = new ArrayList<>(Readings.rows(1, Readings.values(1, LENGTH)));
        rows.addAll(Readings.rows(2, new float[]{1}));
        rows.addAll(Readings.rows(3, new float[]{1, 2, 3}));
        rows.add(RowFactory.create(Readings.id(4), null, 1.0));
        List<Row> problems = forecast(spark.createDataFrame(rows, Readings.SCHEMA)).model("512-96")
                .mode("fast")
                .horizon(3)
                .forecast()
                .where("problem is not null")
                .orderBy("meter")
                .collectAsList();
        assertEquals(List.of(Readings.id(2), Readings.id(3), Readings.id(4)),
                problems.stream().map(row -> row.getString(0)).toList());
        assertTrue(problems.get(0).getString(4).contains("at least 2 different times"), problems.get(0).toString());
        assertTrue(problems.get(1).getString(4).contains("3"), problems.get(1).toString());
        assertEquals("the series, line 1: the time is NULL", problems.get(2).getString(4));
        assertTrue(problems.stream().allMatch(row -> row.isNullAt(3)));
    }

    @Test
    void timesOfEveryTypeContinueInTheSameType() {
        // Midnights in Berlin over the night in which the clock goes forward.
        Dataset<Row> days = spark.range(20)
                .select(expr("cast(id % 1 as int)").as("a.b"), expr("'x'").as("b c"),
                        expr("cast(date_add(date'2026-03-20', cast(id as int)) as timestamp)").as("instant"),
                        expr("cast(date_add(date'2026-03-20', cast(id as int)) as timestamp_ntz)").as("local"),
                        expr("date_add(date'2026-03-20', cast(id as int))").as("day"), col("id").as("value"));
        for (String time : List.of("instant", "local", "day")) {
            Dataset<Row> result = TtmForecast.of(days)
                    .id("a.b", "b c")
                    .time(time)
                    .value("value")
                    .horizon(2)
                    .mean()
                    .quantiles(0.1, 0.975)
                    .forecast();
            assertEquals(days.schema().apply(time).dataType(), result.schema().apply("forecast_timestamp").dataType());
            assertArrayEquals(new String[]{"a.b", "b c", "forecast_timestamp", "step", "forecast", "mean", "q10",
                    "q97_5", "problem"}, result.columns());
            List<Row> rows = result.orderBy("step")
                    .select(expr("cast(forecast_timestamp as string)"), col("q10"), col("q97_5"), col("mean"))
                    .collectAsList();
            String midnight = time.equals("day") ? "" : " 00:00:00";
            assertEquals("2026-04-09" + midnight, rows.get(0).getString(0));
            assertEquals("2026-04-10" + midnight, rows.get(1).getString(0));
            assertTrue(rows.get(0).getDouble(1) <= rows.get(0).getDouble(2), rows.toString());
            assertEquals(20, rows.get(0).getDouble(3), 1);
        }
    }

    /** Java takes none of the hours of one digit, which Spark takes before a colon. */
    @Test
    void theZoneOfTheSessionIsInAnyFormOfSpark() {
        String zone = spark.conf().get("spark.sql.session.timeZone");
        try {
            spark.conf().set("spark.sql.session.timeZone", "+2:00");
            List<Row> rows = TtmForecast
                    .of(spark.range(20)
                            .select(expr("cast(date_add(date'2026-03-20', cast(id as int)) as timestamp)").as("time"),
                                    col("id")))
                    .time("time")
                    .value("id")
                    .horizon(1)
                    .forecast()
                    .select(expr("cast(forecast_timestamp as string)"))
                    .collectAsList();
            assertEquals("2026-04-09 00:00:00", rows.get(0).getString(0));
        } finally {
            spark.conf().set("spark.sql.session.timeZone", zone);
        }
    }

    @Test
    void rowsOfOneTimeAreCorrectionsWhileTheyAreFew() {
        List<Row> rows = new ArrayList<>();
        for (int series = 1; series <= 2; series++) {
            List<Row> once = Readings.rows(series, Readings.values(series, LENGTH));
            rows.addAll(once);
            for (Row row : once.subList(0, series == 1 ? LENGTH / 10 : LENGTH / 8)) {
                rows.add(RowFactory.create(row.get(0), row.get(1), row.getDouble(2) - 1));
            }
        }
        List<Row> forecasts = forecast(spark.createDataFrame(rows, Readings.SCHEMA)).mode("fast")
                .horizon(4)
                .forecast()
                .orderBy("meter", "step")
                .collectAsList();
        assertEquals(5, forecasts.size());
        float[] expected = direct(Readings.values(1, LENGTH), 4);
        for (int step = 0; step < 4; step++) assertEquals(expected[step], (float) forecasts.get(step).getDouble(3), 0f);
        assertTrue(forecasts.get(4).getString(4).contains("16 rows repeat a time"), forecasts.get(4).toString());
    }

    @Test
    void oneSeriesNeedsNoId() {
        Dataset<Row> rows = spark.createDataFrame(Readings.rows(5, Readings.values(5, LENGTH)), Readings.SCHEMA);
        List<Row> forecasts = TtmForecast.of(rows)
                .time("time")
                .value("load")
                .mode("fast")
                .horizon(4)
                .every("PT1H")
                .forecast()
                .orderBy("step")
                .collectAsList();
        float[] expected = direct(Readings.values(5, LENGTH), 4);
        for (int step = 0; step < 4; step++) assertEquals(expected[step], (float) forecasts.get(step).getDouble(2), 0f);
    }

    @Test
    void mistakesAreFoundByTheDriver() {
        Dataset<Row> rows = spark.createDataFrame(Readings.rows(5, Readings.values(5, 8)), Readings.SCHEMA);
        assertMessage("time: no column when among [meter, time, load]", forecast(rows).time("when"));
        assertMessage("time: column load is double, expected timestamp, timestamp_ntz or date; cast it",
                forecast(rows).time("load"));
        assertMessage("value: column meter is string, expected numbers", forecast(rows).value("meter"));
        assertMessage("value: expected the name of a column", TtmForecast.of(rows).time("time"));
        assertMessage("mode quick: expected fast, balanced or best", forecast(rows).mode("quick"));
        assertMessage("mode best: expected fast with ownModels, which forecast alone",
                forecast(rows).ownModels("/models").mode("best"));
        assertMessage("horizon -1: expected at least 1 step", forecast(rows).horizon(-1));
        assertMessage("quantiles: level 2.0: expected above 0 and below 1", forecast(rows).quantiles(2));
        assertMessage("id: column Step has the name of another column of the result; rename it",
                forecast(rows.withColumnRenamed("meter", "Step")).id("Step"));
        assertMessage("id: column q10 has the name of another column of the result; rename it",
                forecast(rows.withColumnRenamed("meter", "q10")).id("q10").quantiles(0.1));
        assertMessage("id: column meter has the name of another column of the result; rename it",
                forecast(rows).id("meter", "meter"));
    }

    private static void assertMessage(String message, TtmForecast job) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, job::forecast).getMessage());
    }
}
