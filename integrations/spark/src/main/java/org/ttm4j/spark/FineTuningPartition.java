package org.ttm4j.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.ttm4j.data.grid.SeriesBuilder;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.live.SharedForecasters;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.Channels;
import org.ttm4j.ttm.train.FineTuned;
import org.ttm4j.ttm.train.FineTuning;
import org.ttm4j.ttm.train.FineTuningData;
import org.ttm4j.ttm.train.FineTuningOptions;
import org.ttm4j.ttm.train.TrainingDivergedException;
import scala.Tuple2;

/**
 * Fine-tunes a model on each series of a partition, one after the other. The resulting rows have the id, the folder of
 * the model, the validation loss before and after training, the problem if there is no model, and the folder from which
 * the driver moves the model into its own.
 *
 * @param staging the folder for the models of this run before they are moved
 */
record FineTuningPartition(ForecastSpec spec, FineTuningOptions options, GroupModels models,
        String staging) implements MapPartitionsFunction<Tuple2<Row, Points>, Row> {
    private static final double TRAINING_SHARE = 0.8;

    @Override
    public Iterator<Row> call(Iterator<Tuple2<Row, Points>> groups) {
        SeriesBuilder builder = spec.builder();
        return ForecastPartition.mapped(groups, group -> row(group._1(), group._2(), builder));
    }

    private Row row(Row id, Points points, SeriesBuilder builder) {
        int ids = id.size();
        Object[] cells = new Object[ids + 5];
        for (int i = 0; i < ids; i++) cells[i] = id.get(i);
        try {
            // Checked before the training, which takes long.
            org.apache.hadoop.fs.Path folder = models.path(id);
            models.requireReplaceable(folder);
            FineTuned tuned = tune(points.series(builder));
            cells[ids + 4] = models.stage(tuned, staging);
            cells[ids] = folder.toString();
            cells[ids + 1] = tuned.epochs().get(0).validationLoss();
            cells[ids + 2] = tuned.validationLoss();
        } catch (DataException | IllegalArgumentException | TrainingDivergedException e) {
            cells[ids + 3] = e.getMessage();
        } catch (IOException e) {
            throw new IllegalStateException("series " + Arrays.toString(cells) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return RowFactory.create(cells);
    }

    /** The model to fine-tune; by default {@link BundledModels#DEFAULT}. */
    private TtmModel base() throws IOException {
        String name = spec.model().equals(SharedForecasters.DEFAULT) ? BundledModels.DEFAULT : spec.model();
        return TtmModel.of(
                BundledModels.names().contains(name) ? BundledModels.checkpoint(name) : Checkpoint.read(Path.of(name)));
    }

    private FineTuned tune(TimeSeries series) throws IOException, InterruptedException {
        TtmModel base = base();
        Channels roles = new Channels(List.of(Channels.Channel.of("value", Channels.Role.TARGET, 0, 1)));
        FineTuningData data = FineTuningData
                .chronological(roles, series.doubleValues(), base.config().contextLength(), TRAINING_SHARE,
                        1 - TRAINING_SHARE, 1)
                .withFrequency(series.axis().frequency().toTemporalAmount().orElse(null));
        return FineTuning.run(base, data, options, (epoch, best) -> {});
    }
}
