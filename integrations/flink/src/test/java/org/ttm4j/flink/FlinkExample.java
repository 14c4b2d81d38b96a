package org.ttm4j.flink;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.ttm4j.flink.Readings.Reading;
import org.ttm4j.forecast.fixtures.StreamExample.Meter;
import org.ttm4j.forecast.fixtures.StreamExample;
import org.ttm4j.forecast.live.StreamForecast;
import org.ttm4j.forecast.live.StreamSettings;

/**
 * Sends the sample of this repository and generated series through the operator, and again through SQL, in a Flink cluster of
 * this JVM, and compares every forecast with that of the forecaster called directly. Run it by {@code integrations/flink/example}.
 */
final class FlinkExample {
    private static final StreamSettings SETTINGS = StreamSettings.of(24, Duration.ofHours(1))
            .withEvery(Duration.ofDays(1))
            .withMode("fast");
    private static final int HORIZON = SETTINGS.horizon();
    /** The end of the day that the last hour is in. */
    static final StreamExample EXAMPLE = new StreamExample("flink 2.3.0", SETTINGS,
            hours -> Math.ceilDiv(hours - 1, 24) * 24);
    private static final String QUERY = """
            SELECT id, forecast_timestamp, step, forecast, rowtime FROM TTM_FORECAST(
              series => TABLE readings PARTITION BY id, data_col => DESCRIPTOR(v), on_time => DESCRIPTOR(ts),
              horizon => 24, `every` => INTERVAL '1' DAY, frequency => INTERVAL '1' HOUR, mode => 'fast')""";

    private static float[][] series;
    /** Series × origins × horizon: the cluster is in this JVM. */
    private static double[][][] forecasts;
    private static Meter meter;

    private FlinkExample() {}

    /** FOLDER [SERIES]. */
    public static void main(String[] arguments) throws Exception {
        EXAMPLE.main(arguments, FlinkExample::run, FlinkExample::floor);
    }

    /** By the operator, whose rate it is; and in SQL, which has to give the same. */
    private static double run(float[][] of, double[][][] made) throws Exception {
        series = of;
        StreamExecutionEnvironment environment = environment();
        double perSecond = forecast("the operator", made, TtmForecastOperator
                .forecast(readings(environment).keyBy(Reading::id), SETTINGS, FlinkExample::value, Duration.ofDays(1)),
                FlinkExample::keep);
        environment = environment();
        StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
        Readings.register(tables, readings(environment));
        double[][][] inSql = new double[made.length][made[0].length][];
        double inSqlPerSecond = forecast("SQL", inSql, tables.toDataStream(tables.sqlQuery(QUERY)), FlinkExample::keep);
        StreamExample.note(String.format(Locale.ROOT, "SQL: %.0f forecasts a second", inSqlPerSecond));
        if (!Arrays.deepEquals(made, inSql)) throw new IllegalStateException("SQL and the operator differ");
        return perSecond;
    }

    /** Runs a job, and returns the forecasts a second. */
    private static <T> double forecast(String what, double[][][] made, DataStream<T> rows, MapFunction<T, Integer> sink)
            throws Exception {
        forecasts = made;
        // The first value of a series is too few.
        meter = new Meter(what, made.length * (made[0].length - 1L));
        execute(rows, sink);
        return meter.perSecond();
    }

    private static double floor(float[][] of) throws Exception {
        series = of;
        meter = new Meter("every reading passed on", (long) of.length * of[0].length);
        execute(readings(environment()).keyBy(Reading::id), reading -> {
            meter.count(1);
            return 1;
        });
        return meter.perSecond();
    }

    private static StreamExecutionEnvironment environment() {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.getConfig().enableObjectReuse();
        return environment;
    }

    private static DataStream<Reading> readings(StreamExecutionEnvironment environment) {
        DataGeneratorSource<Reading> source = new DataGeneratorSource<>(FlinkExample::reading,
                (long) series.length * series[0].length, TypeInformation.of(Reading.class));
        return environment
                .fromSource(source,
                        WatermarkStrategy.<Reading>forMonotonousTimestamps()
                                .withTimestampAssigner((reading, time) -> reading.time()),
                        "readings")
                .setParallelism(1);
    }

    private static Reading reading(long index) {
        int i = (int) (index % series.length);
        int hour = (int) (index / series.length);
        float value = series[i][hour];
        return new Reading("s" + i, Duration.ofHours(hour).toMillis(), Float.isNaN(value) ? null : (double) value);
    }

    private static double value(Reading reading) {
        return reading.v() == null ? Double.NaN : reading.v();
    }

    private static <T> void execute(DataStream<T> rows, MapFunction<T, Integer> sink) throws Exception {
        rows.map(sink).returns(Types.INT).sinkTo(new DiscardingSink<>());
        rows.getExecutionEnvironment().execute();
    }

    private static int keep(Tuple2<String, StreamForecast> made) {
        StreamForecast forecast = made.f1;
        forecasts[number(made.f0)][place(Instant.ofEpochMilli(forecast.origin()))] = forecast.values();
        meter.count(1);
        return 1;
    }

    private static int keep(Row row) {
        int step = row.<Integer>getFieldAs("step");
        double[][] ofSeries = forecasts[number(row.getFieldAs("id"))];
        int place = place(row.getFieldAs("rowtime"));
        if (ofSeries[place] == null) ofSeries[place] = filled();
        ofSeries[place][step - 1] = row.<Double>getFieldAs("forecast");
        if (step == HORIZON) meter.count(1);
        return step;
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(1));
    }

    private static int place(Instant origin) {
        return (int) (origin.getEpochSecond() / 3600 / EXAMPLE.every());
    }

    /** A step that does not come is a difference. */
    private static double[] filled() {
        double[] forecast = new double[HORIZON];
        Arrays.fill(forecast, Double.NaN);
        return forecast;
    }
}
