package org.ttm4j.flink;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;
import org.ttm4j.ttm.fixtures.StreamExample;
import org.ttm4j.ttm.live.StreamSettings;

/**
 * Sends the sample of this repository and generated series through SQL, in a Flink cluster of this JVM, and compares every
 * forecast with that of the forecaster called directly. Run it by {@code integrations/flink/example}.
 */
final class FlinkExample {
    private static final StreamSettings SETTINGS = StreamSettings.of(24, Duration.ofHours(1))
            .withEvery(Duration.ofDays(1))
            .withMode("fast");
    private static final int HORIZON = SETTINGS.horizon();
    /** The end of the day that the last hour is in. */
    private static final StreamExample EXAMPLE = new StreamExample("flink 2.3.0", SETTINGS,
            hours -> Math.ceilDiv(hours - 1, 24) * 24);
    private static final String QUERY = """
            SELECT id, forecast_timestamp, step, forecast, rowtime FROM TTM_FORECAST(
              series => TABLE readings PARTITION BY id, data_col => DESCRIPTOR(v), on_time => DESCRIPTOR(ts),
              horizon => 24, `every` => INTERVAL '1' DAY, frequency => INTERVAL '1' HOUR, mode => 'fast')""";

    private static float[][] series;
    /** Series × origins × horizon: the cluster is in this JVM. */
    private static double[][][] forecasts;
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static volatile long first;
    private static volatile double processorsAtFirst;
    private static volatile long last;

    private FlinkExample() {}

    /** FOLDER [SERIES]. */
    public static void main(String[] arguments) throws Exception {
        EXAMPLE.main(arguments, FlinkExample::run, FlinkExample::floor);
    }

    /** Forecasts per second, from the first to the last. */
    private static double run(float[][] of, double[][][] made) throws Exception {
        forecasts = made;
        double seconds = pass(of, "TTM_FORECAST", TtmForecastFunction.class, QUERY, FlinkExample::keep);
        return (COUNT.get() / HORIZON - 1) / seconds;
    }

    private static double floor(float[][] of) throws Exception {
        return pass(of, "PASS_ON", PassOn.class,
                "SELECT * FROM PASS_ON(series => TABLE readings PARTITION BY id, on_time => DESCRIPTOR(ts))",
                row -> count());
    }

    /** Seconds from the first row that comes out to the last. */
    private static double pass(float[][] of, String name, Class<? extends ProcessTableFunction<?>> function,
            String query, MapFunction<Row, Integer> sink) throws Exception {
        series = of;
        COUNT.set(0);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.getConfig().enableObjectReuse();
        StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
        DataGeneratorSource<Row> source = new DataGeneratorSource<>(FlinkExample::reading,
                (long) of.length * of[0].length,
                Types.ROW_NAMED(new String[]{"id", "v", "time"}, Types.STRING, Types.FLOAT, Types.LONG));
        tables.createTemporaryView("readings",
                environment
                        .fromSource(source,
                                WatermarkStrategy.<Row>forMonotonousTimestamps()
                                        .withTimestampAssigner((row, time) -> (Long) row.getField(2)),
                                "readings")
                        .setParallelism(1),
                Schema.newBuilder()
                        .column("id", "STRING")
                        .column("v", "FLOAT")
                        .columnByMetadata("ts", DataTypes.TIMESTAMP_LTZ(3), "rowtime")
                        .watermark("ts", "SOURCE_WATERMARK()")
                        .build());
        tables.createTemporarySystemFunction(name, function);
        tables.toDataStream(tables.sqlQuery(query))
                .map(sink)
                .returns(TypeInformation.of(Integer.class))
                .sinkTo(new DiscardingSink<>());
        environment.execute();
        StreamExample.noteProcessors(name, processorsAtFirst);
        return (last - first) / 1e9;
    }

    private static Row reading(long index) {
        int i = (int) (index % series.length);
        int hour = (int) (index / series.length);
        float value = series[i][hour];
        return Row.of("s" + i, Float.isNaN(value) ? null : value, Duration.ofHours(hour).toMillis());
    }

    private static Integer keep(Row row) {
        int i = Integer.parseInt(row.<String>getFieldAs("id").substring(1));
        int origin = (int) (row.<Instant>getFieldAs("rowtime").getEpochSecond() / 3600);
        int step = row.<Integer>getFieldAs("step");
        double[][] ofSeries = forecasts[i];
        int place = origin / EXAMPLE.every();
        if (ofSeries[place] == null) ofSeries[place] = filled();
        ofSeries[place][step - 1] = row.<Double>getFieldAs("forecast");
        int count = count();
        if (count % (5000 * HORIZON) == 0) StreamExample.note(count / HORIZON + " forecasts");
        return step;
    }

    private static int count() {
        last = System.nanoTime();
        int count = COUNT.incrementAndGet();
        if (count == 1) {
            first = last;
            processorsAtFirst = StreamExample.processorSeconds();
        }
        return count;
    }

    /** A step that does not come is a difference. */
    private static double[] filled() {
        double[] forecast = new double[HORIZON];
        Arrays.fill(forecast, Double.NaN);
        return forecast;
    }
}
