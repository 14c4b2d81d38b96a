package org.ttm4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.SharedForecasters;
import org.ttm4j.forecast.live.StreamSettings;

/** Structured streaming of files, a micro-batch each, into files. */
@Tag("engine")
class StreamTest extends SparkTest {
    private static final int SERIES = 3;
    private static final int LENGTH = 96;
    private static final int HORIZON = 3;
    private static final int HOURS_OF_FILE = 24;

    @TempDir
    private Path folder;

    @BeforeEach
    void keepStateInRocksDb() throws IOException {
        spark.conf()
                .set("spark.sql.streaming.stateStore.providerClass",
                        "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider");
        Files.createDirectory(folder.resolve("in"));
    }

    /** A file of rows, read after those before. */
    private void write(int number, List<Row> rows) throws IOException {
        List<String> lines = rows.stream()
                .map(row -> row.getString(0) + ',' + row.getTimestamp(1).toInstant() + ','
                        + (row.isNullAt(2) ? "" : row.get(2)))
                .toList();
        Path file = Files.write(folder.resolve("file"), lines);
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusSeconds(86_400L + number)));
        Files.move(file, folder.resolve("in").resolve(number + ".csv"));
    }

    /** The hours of all series, some a file, in any order. */
    private void write(float[][] values) throws IOException {
        for (int from = 0; from < LENGTH; from += HOURS_OF_FILE) {
            List<Row> rows = new ArrayList<>();
            for (int series = 0; series < values.length; series++) {
                rows.addAll(Readings.rows(series, values[series]).subList(from, from + HOURS_OF_FILE));
            }
            Collections.shuffle(rows, new Random(from));
            write(from, rows);
        }
    }

    private Dataset<Row> readings() {
        return spark.readStream()
                .schema(Readings.SCHEMA)
                .option("maxFilesPerTrigger", 1)
                .csv(folder.resolve("in").toString());
    }

    private TtmForecast forecast() {
        return forecast(readings().withWatermark("time", "0 seconds"));
    }

    private static TtmForecast forecast(Dataset<Row> readings) {
        return TtmForecast.of(readings)
                .id("meter")
                .time("time")
                .value("load")
                .mode("fast")
                .horizon(HORIZON)
                .every("PT1H");
    }

    private StreamingQuery start(Dataset<Row> forecasts, Trigger trigger) throws Exception {
        return forecasts.writeStream()
                .trigger(trigger)
                .option("checkpointLocation", folder.resolve("checkpoint").toString())
                .format("parquet")
                .start(folder.resolve("out").toString());
    }

    private List<Row> made() {
        return sorted(spark.read().parquet(folder.resolve("out").toString()).collectAsList());
    }

    private static List<Row> sorted(List<Row> rows) {
        return rows.stream().sorted(Comparator.comparing(Row::toString)).toList();
    }

    private static double[][] doubles(float[] values) {
        return new double[][]{IntStream.range(0, values.length).mapToDouble(t -> values[t]).toArray()};
    }

    /** Those of a series from an hour, by the steps that a stream keeps. */
    private static List<Row> expected(int series, float[] values, int origin) {
        int from = Math.max(0, origin + 1 - StreamSettings.DEFAULT_CONTEXT);
        Forecaster forecaster = SharedForecasters.get(SharedForecasters.DEFAULT, "fast");
        Forecast forecast = forecaster
                .forecast(ForecastRequest.of(doubles(Arrays.copyOfRange(values, from, origin + 1)))
                        .withFrequency(Duration.ofHours(1))
                        .withHorizon(HORIZON));
        List<Row> rows = new ArrayList<>();
        for (int step = 1; step <= HORIZON; step++) {
            rows.add(RowFactory.create(Readings.id(series),
                    new Timestamp(Readings.START + (origin + step) * Readings.HOUR), step,
                    forecast.doubleValues()[0][step - 1], null));
        }
        return rows;
    }

    @Test
    void aQueryThatIsStoppedGoesOnFromItsCheckpoint() throws Exception {
        float[][] values = new float[SERIES][];
        for (int series = 0; series < SERIES; series++) values[series] = Readings.values(series, LENGTH);
        values[1][17] = Float.NaN;
        write(values);
        StreamingQuery first = start(forecast().forecast(), Trigger.ProcessingTime(0));
        while (first.lastProgress() == null || first.lastProgress().batchId() < 2) Thread.sleep(10);
        first.stop();
        int before = made().size();
        assertTrue(before > 0);
        start(forecast().forecast(), Trigger.AvailableNow()).awaitTermination();
        List<Row> expected = new ArrayList<>();
        for (int series = 0; series < SERIES; series++) {
            for (int origin = SharedForecasters.get(SharedForecasters.DEFAULT, "fast").info().minimumHistory()
                    - 1; origin < LENGTH; origin++) {
                // From a time without a value there is no forecast.
                if (!Float.isNaN(values[series][origin])) {
                    expected.addAll(expected(series, values[series], origin));
                }
            }
        }
        assertTrue(before < expected.size());
        assertEquals(sorted(expected), made());
    }

    @Test
    void rowsBehindTheWatermarkAreLeftOut() throws Exception {
        float[] values = Readings.values(1, LENGTH);
        List<Row> rows = Readings.rows(1, values);
        write(0, rows.subList(0, 60));
        write(1, rows.subList(60, 71));
        write(2, List.of(RowFactory.create(Readings.id(1), new Timestamp(Readings.START + 50 * Readings.HOUR), 1e6)));
        write(3, rows.subList(71, 73));
        start(forecast().forecastEvery("P1D").forecast(), Trigger.AvailableNow()).awaitTermination();
        List<Row> expected = new ArrayList<>();
        for (int origin = 24; origin < 73; origin += 24) expected.addAll(expected(1, values, origin));
        assertEquals(sorted(expected), made());
    }

    /** As after a backlog of 7 months: 500 and more hours before each origin, and a value whose time comes twice. */
    @Test
    void theOrderOfTheRowsOfABatchDoesNotMatter() throws Exception {
        float[] values = Readings.values(1, 5000);
        List<Row> rows = Readings.rows(1, values);
        List<Row> apart = new ArrayList<>(List.of(rows.get(0), rows.get(2100), rows.get(4999)));
        apart.addAll(rows.subList(1, 2100));
        apart.addAll(rows.subList(2101, 4999));
        apart.add(RowFactory.create(Readings.id(1), rows.get(2099).getTimestamp(1), -1000.0));
        write(0, apart);
        start(forecast().forecastEvery("PT500H").forecast(), Trigger.AvailableNow()).awaitTermination();
        List<Row> expected = new ArrayList<>();
        for (int origin = 104; origin < 5000; origin += 500) {
            expected.addAll(expected(1, values, origin));
        }
        assertEquals(sorted(expected), made());
    }

    @Test
    void meansAndQuantilesComeWithTheForecast() throws Exception {
        write(0, Readings.rows(1, Readings.values(1, 73)));
        start(forecast().mode("balanced").forecastEvery("P3D").mean().quantiles(0.1, 0.9).forecast(),
                Trigger.AvailableNow()).awaitTermination();
        Forecast expected = SharedForecasters.get(SharedForecasters.DEFAULT, "balanced")
                .forecast(ForecastRequest.of(doubles(Readings.values(1, 73)))
                        .withFrequency(Duration.ofHours(1))
                        .withHorizon(HORIZON)
                        .withQuantiles(0.1, 0.9));
        List<Row> made = made();
        assertEquals(HORIZON, made.size());
        for (Row row : made) {
            int step = row.<Integer>getAs("step") - 1;
            assertEquals(expected.doubleValues()[0][step], row.<Double>getAs("forecast"));
            assertEquals(expected.mean(0, step), row.<Double>getAs("mean"));
            assertEquals(expected.doubleQuantile(0.1)[0][step], row.<Double>getAs("q10"));
            assertEquals(expected.doubleQuantile(0.9)[0][step], row.<Double>getAs("q90"));
        }
    }

    @Test
    void aStreamNeedsAnIdAndStepsOfAFixedLength() {
        assertEquals("id: expected the columns that name a series",
                assertThrows(IllegalArgumentException.class, () -> forecast().id().forecast()).getMessage());
        assertEquals("every P1M: expected a time of fixed length for a stream, such as PT1H",
                assertThrows(IllegalArgumentException.class, () -> forecast().every("P1M").forecast()).getMessage());
        assertEquals("every: required in a stream, such as PT1H",
                assertThrows(IllegalArgumentException.class, () -> forecast().every(null).forecast()).getMessage());
        assertEquals("horizon: required in a stream",
                assertThrows(IllegalArgumentException.class, () -> forecast().horizon(0).forecast()).getMessage());
    }

    /** Spark itself says nothing, and no time is ever over. */
    @Test
    void aStreamNeedsAWatermark() {
        assertEquals(
                "time: column time has no watermark, which a stream needs; call withWatermark with this column before",
                assertThrows(IllegalArgumentException.class, () -> forecast(readings()).forecast()).getMessage());
    }

    @Test
    void columnsMayHaveAnyName() throws Exception {
        write(0, Readings.rows(1, Readings.values(1, 73)));
        Dataset<Row> renamed = readings().withWatermark("time", "0 seconds")
                .withColumnRenamed("meter", "meter no.")
                .withColumnRenamed("time", "id")
                .withColumnRenamed("load", "kW h");
        Dataset<Row> forecasts = TtmForecast.of(renamed)
                .id("meter no.")
                .time("id")
                .value("kW h")
                .mode("fast")
                .horizon(HORIZON)
                .every("PT1H")
                .forecastEvery("P3D")
                .forecast();
        start(forecasts, Trigger.AvailableNow()).awaitTermination();
        assertEquals("meter no.", forecasts.columns()[0]);
        assertEquals(sorted(expected(1, Readings.values(1, 73), 72)), made());
    }
}
