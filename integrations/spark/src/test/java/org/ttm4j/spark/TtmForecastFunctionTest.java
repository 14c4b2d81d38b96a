package org.ttm4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class TtmForecastFunctionTest extends SparkTest {
    private static final String QUERY = "SELECT meter, inline(ttm_forecast(collect_list(struct(time, load)), 6)) "
            + "FROM readings GROUP BY meter";

    private static List<Row> expected(SparkSession session) {
        Readings.generated(session, 2, 96).createOrReplaceTempView("readings");
        return sorted(TtmForecast.of(session.table("readings"))
                .id("meter")
                .time("time")
                .value("load")
                .horizon(6)
                .forecast()
                .drop("problem"));
    }

    @Test
    void aFunctionThatIsRegisteredForecastsAsTheLibraryDoes() {
        List<Row> expected = expected(spark);
        TtmExtensions.register(spark);
        assertEquals(12, expected.size());
        assertEquals(expected, sorted(spark.sql(QUERY)));
        // What registerJavaFunction of PySpark calls, with the type as docs/spark.md has it.
        spark.udf()
                .registerJava("by_name", "org.ttm4j.spark.TtmForecastFunction",
                        DataType.fromDDL("array<struct<forecast_timestamp:timestamp,step:int,forecast:double>>"));
        assertEquals(expected, sorted(spark.sql(QUERY.replace("ttm_forecast", "by_name"))));
        // CREATE FUNCTION is for functions of Hive.
        Exception hive = assertThrows(Exception.class, () -> {
            spark.sql("CREATE TEMPORARY FUNCTION created AS 'org.ttm4j.spark.TtmForecastFunction'");
            spark.sql(QUERY.replace("ttm_forecast", "created"));
        });
        assertTrue(messages(hive).contains("TtmForecastFunction"), messages(hive));
    }

    /** Of two rows in a millisecond the later one counts, as for {@link TtmForecast}. */
    @Test
    void timesHaveMicroseconds() {
        TtmExtensions.register(spark);
        String hours = "SELECT timestamp'2026-01-01' + make_dt_interval(0, id) AS time, id % 5 AS load FROM range(95)";
        String last = " UNION ALL SELECT timestamp'2026-01-04 23:00:00.00000";
        List<Row> expected = forecast(hours + last + "0', 1");
        assertEquals(expected, forecast(hours + last + "2', 1" + last + "1', 9" + last + "0', 7"));
    }

    @Test
    void theHorizonIsAWholeNumberOfAnyType() {
        List<Row> expected = expected(spark);
        TtmExtensions.register(spark);
        for (String six : List.of("6L", "6S", "6Y", "(SELECT count(*) FROM range(6))")) {
            assertEquals(expected, sorted(spark.sql(QUERY.replace("6)", six + ")"))));
        }
        assertFails("ttm_forecast: horizon: expected a whole number of steps, 1 or more, found Integer 0",
                QUERY.replace("6)", "0)"));
        assertFails("expected a whole number of steps, 1 or more, found Long -1", QUERY.replace("6)", "-1L)"));
        assertFails("expected a whole number of steps, 1 or more, found String 6", QUERY.replace("6)", "'6')"));
        assertFails("expected a whole number of steps, 1 or more, found Double 6.5", QUERY.replace("6)", "6.5D)"));
        assertFails("expected at most 1000000 steps", QUERY.replace("6)", "99999999999)"));
    }

    @Test
    void aSeriesIsAnArrayOfStructs() {
        TtmExtensions.register(spark);
        String expected = "ttm_forecast: expected an array of structs of a timestamp and a number, found ";
        assertFails(expected + "Integer 5", "SELECT ttm_forecast(5, 6)");
        assertFails(expected + "Integer 1", "SELECT ttm_forecast(array(1, 2), 6)");
        assertFails(expected + "NULL", "SELECT ttm_forecast(array(NULL), 6)");
        assertFails(expected + "GenericRowWithSchema", "SELECT ttm_forecast(array(struct(1)), 6)");
    }

    private static void assertFails(String message, String query) {
        Exception failure = assertThrows(Exception.class, () -> spark.sql(query).collectAsList(), query);
        assertTrue(messages(failure).contains(message), messages(failure));
    }

    private List<Row> forecast(String rows) {
        return spark.sql("SELECT ttm_forecast(collect_list(struct(time, load)), 6) FROM (" + rows + ")")
                .collectAsList();
    }

    @Test
    void theSettingMakesItAFunctionOfEverySession() {
        spark.stop();
        SparkSession.clearActiveSession();
        SparkSession.clearDefaultSession();
        spark = builder("local[2]").config("spark.sql.extensions", TtmExtensions.class.getName()).getOrCreate();
        List<Row> expected = expected(spark);
        assertEquals(expected, sorted(spark.sql(QUERY)));
        Exception tooShort = assertThrows(Exception.class,
                () -> spark.sql("SELECT ttm_forecast(array(struct(timestamp'2026-01-01', 1.0)), 6)").collectAsList());
        assertTrue(messages(tooShort).contains("expected at least 2 different times"), messages(tooShort));
        assertFails("expected an array of structs of a timestamp and a number, found String",
                "SELECT ttm_forecast(array(struct('2026-01-01', 1.0)), 6)");
        assertFails("expected an array of structs of a timestamp and a number, found Integer 5",
                "SELECT ttm_forecast(5, 6)");
        assertEquals(expected, sorted(spark.sql(QUERY.replace("6)", "6L)"))));
    }

    private static String messages(Throwable error) {
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = error; cause != null; cause = cause.getCause())
            messages.append(cause.getMessage()).append('\n');
        return messages.toString();
    }
}
