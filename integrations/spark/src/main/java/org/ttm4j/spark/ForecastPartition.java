package org.ttm4j.spark;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.ttm4j.data.grid.SeriesBuilder;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.ttm.ForecastResult;
import scala.Tuple2;

/**
 * Forecasts the series of a partition, some hundreds together.
 *
 * @param models those of each series; null where all have the same
 */
record ForecastPartition(ForecastSpec spec,
        GroupModels models) implements MapPartitionsFunction<Tuple2<Row, Points>, Tuple2<Row, Steps>> {
    private static final int BATCH = 256;

    @Override
    public Iterator<Tuple2<Row, Steps>> call(Iterator<Tuple2<Row, Points>> groups) {
        return new Forecasts(this, groups);
    }

    /** Forecasts one batch when the last is used up. */
    private static final class Forecasts implements Iterator<Tuple2<Row, Steps>> {
        private final ForecastPartition partition;
        private final Iterator<Tuple2<Row, Points>> groups;
        private final SeriesBuilder builder;
        private final Deque<Tuple2<Row, Steps>> ready = new ArrayDeque<>();

        Forecasts(ForecastPartition partition, Iterator<Tuple2<Row, Points>> groups) {
            this.partition = partition;
            this.groups = groups;
            builder = partition.spec.builder();
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && groups.hasNext()) forecast();
            return !ready.isEmpty();
        }

        @Override
        public Tuple2<Row, Steps> next() {
            if (!hasNext()) throw new NoSuchElementException();
            return ready.remove();
        }

        private void forecast() {
            List<Row> ids = new ArrayList<>();
            List<TimeSeries> batch = new ArrayList<>();
            while (groups.hasNext() && batch.size() < BATCH) {
                Tuple2<Row, Points> group = groups.next();
                try {
                    batch.add(group._2().series(builder));
                    ids.add(group._1());
                } catch (DataException e) {
                    add(group._1(), Steps.problem(e.getMessage()));
                }
            }
            if (partition.models != null) {
                for (int i = 0; i < batch.size(); i++) add(ids.get(i), ofOwnModel(ids.get(i), batch.get(i)));
                return;
            }
            ForecastSpec spec = partition.spec;
            List<ForecastResult> results = spec.forecaster().forecastAll(batch.stream().map(spec::request).toList());
            for (int i = 0; i < batch.size(); i++) {
                add(ids.get(i),
                        results.get(i) instanceof ForecastResult.Failure failure
                                ? Steps.problem(failure.reason())
                                : Steps.of(batch.get(i), results.get(i).orElseThrow(), spec.quantiles()));
            }
        }

        private Steps ofOwnModel(Row id, TimeSeries series) {
            ForecastSpec spec = partition.spec;
            try {
                return Steps.of(series, partition.models.load(id).forecast(spec.request(series)), spec.quantiles());
            } catch (IllegalArgumentException | IOException e) {
                return Steps.problem(e.getMessage());
            }
        }

        private void add(Row id, Steps steps) {
            ready.add(new Tuple2<>(id, steps));
        }
    }
}
