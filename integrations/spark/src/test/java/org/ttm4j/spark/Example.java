package org.ttm4j.spark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.ttm.fixtures.ExampleResult;

/** The example of the module: see {@code integrations/spark/example}, which runs it. */
final class Example {
    private static final int LENGTH = 512;
    private static final int BATCH = 256;
    /** Rates are those of the second half of so many, when the JVM is warm; with fewer series than the default nobody quotes them. */
    private static final int PASSES = 12;
    private static final int FEW_PASSES = 2;
    private static final int SERIES = 1000;
    private static final PrintStream PROGRESS = System.err;

    private Example() {}

    /** FOLDER [SERIES]. */
    public static void main(String[] arguments) throws IOException {
        if (Runtime.version().feature() != 21) {
            PROGRESS.println("Spark needs a JDK 21, and there is none: apt-get install openjdk-21-jdk-headless");
            System.exit(1);
        }
        boolean equal;
        try (SparkSession spark = SparkTest.builder("local[2]").getOrCreate()) {
            spark.sparkContext().setLogLevel("ERROR");
            int generated = arguments.length > 1 ? Integer.parseInt(arguments[1]) : SERIES;
            equal = run(spark, Path.of(arguments[0]), generated);
        }
        System.exit(equal ? 0 : 1);
    }

    private static boolean run(SparkSession spark, Path samples, int generated) throws IOException {
        TimeSeries sample = CsvReader.read(samples.resolve("hourly-load.csv"), CsvOptions.defaults()).series().get(0);
        List<Row> rows = new ArrayList<>();
        for (int t = 0; t < sample.length(); t++) {
            float value = sample.channel(0)[t];
            rows.add(RowFactory.create("sample", new Timestamp(sample.axis().timeAt(t)),
                    Float.isNaN(value) ? null : (double) value));
        }
        Dataset<Row> readings = Readings.generated(spark, generated, LENGTH)
                .union(spark.createDataFrame(rows, Readings.SCHEMA))
                .cache();
        PROGRESS.println(readings.count() + " rows of " + (generated + 1) + " series");

        Map<String, float[]> series = new HashMap<>();
        for (int i = 0; i < generated; i++) series.put(Readings.id(i), Readings.values(i, LENGTH));
        series.put("sample", sample.channel(0));
        TtmForecast job = TtmForecast.of(readings).id("meter").time("time").value("load").mode("fast");
        Map<String, float[]> expected = new HashMap<>();
        Clock alone = new Clock("in process");
        Clock engine = new Clock("on Spark");
        Clock floor = new Clock("Spark without a forecast");
        int passes = generated < SERIES ? FEW_PASSES : PASSES;
        for (int pass = 1; pass <= passes; pass++) {
            PROGRESS.println("pass " + pass + " of " + passes);
            boolean isWarm = pass > passes / 2;
            alone.measure(isWarm, series.size(), () -> expected.putAll(inProcess(series)));
            engine.measure(isWarm, series.size(), () -> job.forecast().write().format("noop").mode("overwrite").save());
            floor.measure(isWarm, series.size(), () -> passOn(readings));
        }
        return report(spark.version(), job.forecast().collectAsList(), expected, engine.rate(), alone.rate(),
                floor.rate());
    }

    private static Map<String, float[]> inProcess(Map<String, float[]> series) {
        ModelForecaster forecaster = Forecaster.bundled().fast();
        List<String> ids = List.copyOf(series.keySet());
        Map<String, float[]> forecasts = new HashMap<>();
        for (int from = 0; from < ids.size(); from += BATCH) {
            List<String> batch = ids.subList(from, Math.min(ids.size(), from + BATCH));
            List<ForecastResult> results = forecaster.forecastAll(batch.stream()
                    .map(id -> ForecastRequest.of(new float[][]{series.get(id)})
                            .withFrequency(java.time.Duration.ofHours(1)))
                    .toList(), Execution.ALONE.withExecutor(ForkJoinPool.commonPool()));
            for (int i = 0; i < batch.size(); i++) {
                forecasts.put(batch.get(i), results.get(i).orElseThrow().values()[0]);
            }
        }
        return forecasts;
    }

    /** What the engine takes for itself: brings the rows together, sorts them and hands each to Java and back. */
    private static void passOn(Dataset<Row> readings) {
        Dataset<Row> sorted = readings.repartition(readings.col("meter")).sortWithinPartitions("meter", "time");
        sorted.mapPartitions((MapPartitionsFunction<Row, Row>) rows -> rows, Encoders.row(sorted.schema()))
                .write()
                .format("noop")
                .mode("overwrite")
                .save();
    }

    private static boolean report(String version, List<Row> forecasts, Map<String, float[]> expected, double rate,
            double inProcess, double floor) {
        double difference = 0;
        for (Row row : forecasts) {
            difference = Math.max(difference,
                    Math.abs(expected.get(row.getString(0))[row.getInt(2) - 1] - (float) row.getDouble(3)));
        }
        long wanted = expected.values().stream().mapToLong(values -> values.length).sum();
        long made = forecasts.stream().map(row -> row.getString(0)).distinct().count();
        System.out.println(line(version, expected.size(), made, difference, rate, inProcess, floor));
        return difference == 0 && forecasts.size() == wanted && made == expected.size();
    }

    /** What is printed in the end. */
    static String line(String version, int series, long made, double difference, double rate, double inProcess,
            double floor) {
        return new ExampleResult("spark " + version, series, made, difference, rate, inProcess, floor).line();
    }

    /** Measures time, and that of all processors, which other programs on the machine disturb less. */
    private static final class Clock {
        private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory
                .getOperatingSystemMXBean();
        private final String what;
        private long series;
        private long nanos;
        private long processors;

        Clock(String what) {
            this.what = what;
        }

        /** Does the work for so many series, and measures it only where the JVM is warm. */
        void measure(boolean isWarm, int count, Runnable work) {
            long start = System.nanoTime();
            long before = PROCESS.getProcessCpuTime();
            work.run();
            if (!isWarm) return;
            series += count;
            nanos += System.nanoTime() - start;
            processors += PROCESS.getProcessCpuTime() - before;
        }

        /** Series in a second. */
        double rate() {
            double rate = series * 1e9 / nanos;
            PROGRESS.printf(Locale.ROOT, "%s: %.0f series a second, %.2f ms of processor time for each%n", what, rate,
                    processors / 1e6 / series);
            return rate;
        }
    }
}
