package org.ttm4j.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.ForecastResult;
import org.ttm4j.ttm.Forecaster;

/**
 * Forecasts the series of a partition, some hundreds together. The rows that it makes have the id, the time in
 * microseconds, the step, the forecast, the quantiles, and the problem, which only the single row of a series has that
 * cannot be forecast.
 *
 * @param ids the number of columns of the id
 */
record ForecastPartition(ForecastSpec spec, int ids) implements MapPartitionsFunction<Row, Row> {
    private static final int BATCH = 256;

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Forecasts(spec, ids, new Groups(rows, ids, spec.builder()));
    }

    /** Makes the rows of one batch when those of the last are used up. */
    private static final class Forecasts implements Iterator<Row> {
        private final ForecastSpec spec;
        private final int ids;
        private final Groups groups;
        private final Deque<Row> ready = new ArrayDeque<>();

        Forecasts(ForecastSpec spec, int ids, Groups groups) {
            this.spec = spec;
            this.ids = ids;
            this.groups = groups;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && groups.hasNext()) forecast();
            return !ready.isEmpty();
        }

        @Override
        public Row next() {
            if (!hasNext()) throw new java.util.NoSuchElementException();
            return ready.remove();
        }

        private void forecast() {
            List<Row> names = new ArrayList<>();
            List<TimeSeries> batch = new ArrayList<>();
            while (groups.hasNext() && batch.size() < BATCH) {
                groups.next((id, series) -> {
                    names.add(id);
                    batch.add(series);
                }, (id, problem) -> ready.add(problem(id, problem)));
            }
            Forecaster forecaster = spec.forecaster();
            List<ForecastResult> results = forecaster.forecastAll(batch.stream().map(spec::request).toList());
            for (int i = 0; i < batch.size(); i++) {
                if (results.get(i) instanceof ForecastResult.Failure failure) {
                    ready.add(problem(names.get(i), failure.reason()));
                } else {
                    add(names.get(i), batch.get(i), results.get(i).orElseThrow());
                }
            }
        }

        private void add(Row id, TimeSeries series, Forecast forecast) {
            List<float[]> levels = new ArrayList<>();
            for (double level : spec.quantiles()) {
                levels.add(forecast.quantiles().isEmpty() ? null : forecast.quantile(level)[0]);
            }
            for (int step = 0; step < forecast.horizon(); step++) {
                Object[] cells = cells(id);
                cells[ids] = series.axis().instantAt(series.length() + (long) step).toEpochMilli() * 1000;
                cells[ids + 1] = step + 1;
                cells[ids + 2] = forecast.values()[0][step];
                for (int i = 0; i < levels.size(); i++) {
                    cells[ids + 3 + i] = levels.get(i) == null ? null : levels.get(i)[step];
                }
                ready.add(RowFactory.create(cells));
            }
        }

        private Row problem(Row id, String problem) {
            Object[] cells = cells(id);
            cells[cells.length - 1] = problem;
            return RowFactory.create(cells);
        }

        private Object[] cells(Row id) {
            Object[] cells = new Object[ids + 4 + spec.quantiles().length];
            for (int i = 0; i < ids; i++) cells[i] = id.get(i);
            return cells;
        }
    }
}
