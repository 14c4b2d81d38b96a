package org.ttm4j.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.ForecastResult;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.live.SharedForecasters;

/**
 * Sends the sample of this repository and generated series through SQL, in a Flink cluster of this JVM, and compares every
 * forecast with that of the forecaster called directly. Run it by {@code integrations/flink/example}.
 */
final class FlinkExample {
    private static final int HORIZON = 24;
    private static final int CONTEXT = 512;
    private static final int EVERY = 24;
    private static final int HOURS = 600;
    private static final String QUERY = """
            SELECT id, forecast_timestamp, step, forecast, rowtime FROM TTM_FORECAST(
              series => TABLE readings PARTITION BY id, data_col => DESCRIPTOR(v), on_time => DESCRIPTOR(ts),
              horizon => 24, `every` => INTERVAL '1' DAY, frequency => INTERVAL '1' HOUR, mode => 'fast')""";

    private static float[][] series;
    /** Series × origins × horizon: the cluster is in this JVM. */
    private static double[][][] forecasts;
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static volatile long first;
    private static volatile long last;

    private FlinkExample() {}

    /** FILE.csv [SERIES]. */
    public static void main(String[] arguments) throws Exception {
        int generated = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1000;
        Forecaster forecaster = SharedForecasters.get(SharedForecasters.DEFAULT, SharedForecasters.FAST);
        note("the models are warm");
        double difference = 0;
        int total = 0;
        double perSecond = 0;
        double inProcess = 0;
        for (float[][] of : List.of(sample(Path.of(arguments[0])), generated(generated))) {
            perSecond = run(of);
            total += COUNT.get() / HORIZON;
            note(COUNT.get() / HORIZON + " forecasts of " + of.length + " series, " + Math.round(perSecond)
                    + " a second");
            long start = System.nanoTime();
            List<ForecastRequest> requests = requests();
            List<ForecastResult> results = direct(forecaster, requests);
            inProcess = requests.size() * 1e9 / (System.nanoTime() - start);
            difference = Math.max(difference, difference(results));
        }
        System.out.printf(Locale.ROOT,
                "{\"engine\":\"flink 2.3.0\",\"series\":%d,\"forecasts\":%d,\"max_abs_difference\":%s,"
                        + "\"forecasts_per_second\":%.0f,\"in_process_per_second\":%.0f}%n",
                generated, total, difference, perSecond, inProcess);
        System.exit(difference == 0 ? 0 : 1);
    }

    private static void note(String text) {
        System.err.println("flink-example: " + text);
    }

    /** The columns of a CSV whose first is the time, hour by hour. */
    private static float[][] sample(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        int columns = lines.get(0).split(",").length - 1;
        float[][] values = new float[columns][lines.size() - 1];
        for (int t = 0; t < lines.size() - 1; t++) {
            String[] cells = lines.get(t + 1).split(",", -1);
            for (int c = 0; c < columns; c++) {
                values[c][t] = cells[c + 1].isEmpty() ? Float.NaN : Float.parseFloat(cells[c + 1]);
            }
        }
        return values;
    }

    private static float[][] generated(int count) {
        float[][] values = new float[count][HOURS];
        for (int i = 0; i < count; i++) {
            Random random = new Random(i);
            double level = 10 + 90 * random.nextDouble();
            for (int t = 0; t < HOURS; t++) {
                double day = Math.sin(2 * Math.PI * (t + i) / 24);
                double week = Math.sin(2 * Math.PI * t / 168);
                values[i][t] = (float) (level * (1 + 0.3 * day + 0.1 * week + 0.05 * random.nextGaussian()));
            }
        }
        return values;
    }

    /** Forecasts per second, from the first to the last. */
    private static double run(float[][] of) throws Exception {
        series = of;
        int hours = of[0].length;
        forecasts = new double[of.length][lastOrigin(hours) / EVERY + 1][HORIZON];
        for (double[][] each : forecasts) for (double[] one : each) Arrays.fill(one, Double.NaN);
        COUNT.set(0);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.getConfig().enableObjectReuse();
        StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
        DataGeneratorSource<Row> source = new DataGeneratorSource<>(FlinkExample::reading, (long) of.length * hours,
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
        tables.executeSql("CREATE TEMPORARY FUNCTION TTM_FORECAST AS '" + TtmForecastFunction.class.getName() + "'");
        tables.toDataStream(tables.sqlQuery(QUERY))
                .map(FlinkExample::keep)
                .returns(TypeInformation.of(Integer.class))
                .sinkTo(new DiscardingSink<>());
        environment.execute();
        return (COUNT.get() / HORIZON - 1) * 1e9 / (last - first);
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
        forecasts[i][origin / EVERY][step - 1] = row.<Double>getFieldAs("forecast");
        last = System.nanoTime();
        int count = COUNT.incrementAndGet();
        if (count == 1) first = last;
        if (count % (5000 * HORIZON) == 0) note(count / HORIZON + " forecasts");
        return step;
    }

    /** What the query asks for, in the order of the series and origins. */
    private static List<ForecastRequest> requests() {
        List<ForecastRequest> requests = new ArrayList<>();
        for (float[] values : series) {
            for (int origin = 0; origin <= lastOrigin(values.length); origin += EVERY) {
                double[] history = new double[Math.min(CONTEXT, origin + 1)];
                for (int t = 0; t < history.length; t++) {
                    int hour = origin + 1 - history.length + t;
                    history[t] = hour < values.length ? values[hour] : Double.NaN;
                }
                requests.add(ForecastRequest.of(new double[][]{history})
                        .withHorizon(HORIZON)
                        .withFrequency(Duration.ofHours(1)));
            }
        }
        return requests;
    }

    /** The end of the day that the last hour is in. */
    private static int lastOrigin(int hours) {
        return Math.ceilDiv(hours - 1, EVERY) * EVERY;
    }

    private static List<ForecastResult> direct(Forecaster forecaster, List<ForecastRequest> requests) {
        ExecutorService threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        List<ForecastResult> results = new ArrayList<>();
        for (int from = 0; from < requests.size(); from += 256) {
            results.addAll(
                    forecaster.forecastAll(requests.subList(from, Math.min(requests.size(), from + 256)), threads));
        }
        threads.shutdown();
        return results;
    }

    /** The largest, over all forecasts; infinite where one is missing or too many. */
    private static double difference(List<ForecastResult> results) {
        double largest = 0;
        int origins = forecasts[0].length;
        for (int i = 0; i < results.size(); i++) {
            double[] made = forecasts[i / origins][i % origins];
            boolean expected = results.get(i) instanceof ForecastResult.Success;
            for (double value : made) if (expected == Double.isNaN(value)) return Double.POSITIVE_INFINITY;
            if (!(results.get(i) instanceof ForecastResult.Success(Forecast forecast))) continue;
            for (int t = 0; t < HORIZON; t++) {
                largest = Math.max(largest, Math.abs(made[t] - forecast.doubleValues()[0][t]));
            }
        }
        return largest;
    }
}
