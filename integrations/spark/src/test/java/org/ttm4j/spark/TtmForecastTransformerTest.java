package org.ttm4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class TtmForecastTransformerTest extends SparkTest {
    @Test
    void aPipelineForecastsAlsoAfterItWasSavedAndLoaded(@TempDir Path folder) throws Exception {
        Dataset<Row> readings = Readings.generated(spark, 2, 96);
        TtmForecastTransformer stage = new TtmForecastTransformer().setIdCols("meter")
                .setTimeCol("time")
                .setValueCol("kilowatts")
                .setHorizon(5)
                .setModel("512-96");
        PipelineModel model = new Pipeline().setStages(new PipelineStage[]{
                new SQLTransformer().setStatement("SELECT meter, time, load / 1000 AS kilowatts FROM __THIS__"), stage})
                .fit(readings);
        List<Row> expected = sorted(TtmForecast.of(readings.selectExpr("meter", "time", "load / 1000 AS kilowatts"))
                .id("meter")
                .time("time")
                .value("kilowatts")
                .horizon(5)
                .model("512-96")
                .forecast());
        assertEquals(10, expected.size());
        assertEquals(expected, sorted(model.transform(readings)));

        model.write().save(folder.resolve("pipeline").toString());
        PipelineModel loaded = PipelineModel.load(folder.resolve("pipeline").toString());
        Dataset<Row> again = loaded.transform(readings);
        assertEquals(expected, sorted(again));
        assertEquals(again.schema(), loaded.transformSchema(readings.schema()));
        assertEquals(stage.extractParamMap().size(), stage.copy(stage.extractParamMap()).extractParamMap().size());
    }
}
