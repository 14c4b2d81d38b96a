package org.ttm4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.train.FineTuningOptions;
import scala.Tuple2;

@Tag("engine")
@Tag("training")
class FineTuningTest extends SparkTest {
    private static final String SMALL = BundledModels.names()
            .stream()
            .min(Comparator.comparingInt(name -> BundledModels.config(name).contextLength()))
            .orElseThrow();

    private static FineTuningOptions options() {
        return FineTuningOptions.defaults().withEpochs(1).withLearningRate(1e-3).withThreads(1);
    }

    @Test
    void everySeriesGetsAModelThatForecastsIt(@TempDir Path folder) throws Exception {
        int length = 3 * (BundledModels.config(SMALL).contextLength() + BundledModels.config(SMALL).outputLength());
        List<Row> rows = new ArrayList<>();
        for (int series = 0; series < 2; series++) rows.addAll(Readings.rows(series, Readings.values(series, length)));
        rows.addAll(Readings.rows(2, Readings.values(2, 8)));
        Dataset<Row> readings = spark.createDataFrame(rows, Readings.SCHEMA);
        TtmForecast job = TtmForecast.of(readings).id("meter").time("time").value("load").model(SMALL);
        List<Row> models = sorted(job.fineTune(folder.toUri().toString(), options()));
        assertEquals(3, models.size());
        assertEquals(List.of("meter", "folder", "validation_loss_before", "validation_loss", "problem"),
                List.of(models.get(0).schema().fieldNames()));
        try (Stream<Path> hidden = Files.list(folder)) {
            assertEquals(2, hidden.filter(file -> !file.toString().endsWith(".crc")).count());
        }
        for (Row row : models.subList(0, 2)) {
            assertTrue(row.isNullAt(4), row.toString());
            assertTrue(row.getDouble(3) <= row.getDouble(2), row.toString());
        }
        assertTrue(models.get(2).getString(4).contains("training rows"), models.get(2).toString());

        List<Row> forecasts = sorted(job.ownModels(folder.toString()).forecast());
        int horizon = BundledModels.config(SMALL).outputLength();
        assertEquals(2 * horizon + 1, forecasts.size());
        for (int series = 0; series < 2; series++) {
            Path model = folder.resolve("meter=meter+000" + series);
            assertTrue(Files.exists(model.resolve("config.json")), model.toString());
            float[] expected = Forecaster.load(model)
                    .fast()
                    .forecast(ForecastRequest.of(new float[][]{Readings.values(series, length)})
                            .withFrequency(Duration.ofHours(1)))
                    .values()[0];
            for (int step = 0; step < horizon; step++) {
                assertEquals(expected[step], (float) forecasts.get(series * horizon + step).getDouble(3), 0f);
            }
        }
        assertTrue(forecasts.get(2 * horizon).getString(4).contains("meter+0002"),
                forecasts.get(2 * horizon).toString());
        // Without a mode, and with quantiles, which are the model's own.
        assertEquals(2 * horizon, job.quantiles(0.1, 0.9).forecast().where("q10 < q90").count());
    }

    /** As by speculation, where the slower one is ended at any moment: the model in place is a whole one of a run. */
    @Test
    void aSecondAttemptOfATaskDoesNotTouchTheModelsInPlace(@TempDir Path folder) throws Exception {
        Path model = Files.createDirectories(folder.resolve("models/meter=m")).resolve("config.json");
        Files.writeString(model, "of an earlier run");
        int length = 3 * (BundledModels.config(SMALL).contextLength() + BundledModels.config(SMALL).outputLength());
        Points points = new Points();
        points.setTimes(LongStream.range(0, length).map(hour -> hour * 3_600_000_000L).toArray());
        float[] values = Readings.values(0, length);
        points.setValues(IntStream.range(0, length).mapToDouble(hour -> values[hour]).toArray());
        TtmForecast job = TtmForecast.of(spark.createDataFrame(List.of(), Readings.SCHEMA)).model(SMALL);
        GroupModels models = new GroupModels(folder.resolve("models").toString(), List.of("meter"),
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
        FineTuningPartition task = new FineTuningPartition(job.spec(TtmForecast.TimeColumn.TIMESTAMP), options(),
                models, folder.resolve("models/.run").toString());
        Row[] attempts = new Row[2];
        for (int i = 0; i < 2; i++) {
            attempts[i] = task.call(List.of(new Tuple2<>(RowFactory.create("m"), points)).iterator()).next();
            assertNull(attempts[i].get(4), attempts[i].toString());
            assertEquals("of an earlier run", Files.readString(model));
        }
        assertNotEquals(attempts[0].getString(5), attempts[1].getString(5));
        models.publish(attempts[0].getString(5), attempts[0].getString(1));
        try (Stream<Path> files = Files.list(model.getParent())) {
            assertEquals(List.of(), files.filter(Files::isDirectory).toList());
        }
        assertEquals(BundledModels.config(SMALL).contextLength(), models.load(RowFactory.create("m")).info().context());
    }

    /** Before the training, which would find these series too short. */
    @Test
    void aSeriesWhoseModelHasNoPlaceIsAProblem(@TempDir Path folder) throws Exception {
        Path other = Files.createDirectories(folder.resolve("meter=1").resolve("g=2"));
        List<Row> rows = new ArrayList<>();
        for (String meter : List.of("1", "2", "3".repeat(300))) {
            for (Row row : Readings.rows(0, Readings.values(0, 8))) {
                rows.add(RowFactory.create(meter, row.get(1), row.get(2)));
            }
        }
        List<Row> models = TtmForecast.of(spark.createDataFrame(rows, Readings.SCHEMA))
                .id("meter")
                .time("time")
                .value("load")
                .fineTune(folder.toString(), FineTuningOptions.defaults().withThreads(1))
                .orderBy("meter")
                .collectAsList();
        assertTrue(models.get(0).getString(4).contains("meter=1 holds the folder g=2, which a model would delete"),
                models.get(0).toString());
        assertTrue(models.get(1).getString(4).contains("training rows"), models.get(1).toString());
        assertTrue(models.get(2).getString(4).contains("a name of 306 bytes, expected at most 255"),
                models.get(2).toString());
        assertTrue(Files.exists(other));
    }

    @Test
    void aTaskThatFailsSaysThatNoModelWasKept(@TempDir Path folder) {
        TtmForecast job = TtmForecast
                .of(spark.createDataFrame(Readings.rows(0, Readings.values(0, 8)), Readings.SCHEMA))
                .id("meter")
                .time("time")
                .value("load")
                .model(folder.resolve("no model").toString());
        String message = assertThrows(IllegalStateException.class, () -> job.fineTune(folder.toString(), options()))
                .getMessage();
        assertTrue(message.contains("none of its models was kept; " + folder + " is as it was"), message);
    }

    @Test
    void theFolderAndTheOptionsAreRequired() {
        TtmForecast job = TtmForecast.of(spark.createDataFrame(List.of(), Readings.SCHEMA)).time("time").value("load");
        FineTuningOptions options = FineTuningOptions.defaults();
        assertEquals("into: expected a folder",
                assertThrows(IllegalArgumentException.class, () -> job.fineTune(null, options)).getMessage());
        assertEquals("options is null",
                assertThrows(IllegalArgumentException.class, () -> job.fineTune("/models", null)).getMessage());
        Dataset<Row> folders = spark.createDataFrame(List.of(), Readings.SCHEMA.add("folder", DataTypes.StringType));
        TtmForecast named = TtmForecast.of(folders).id("folder").time("time").value("load");
        assertEquals("id: column folder has the name of another column of the result; rename it",
                assertThrows(IllegalArgumentException.class, () -> named.fineTune("/models", options)).getMessage());
    }
}
