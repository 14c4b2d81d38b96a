package org.ttm4j.jdbc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;

/**
 * Forecasts all series of a query into a table, some hundreds at a time, in one transaction. Immutable.
 *
 * <pre>{@code
 * Database database = Database.of("jdbc:postgresql://db.example/plant").withEnvironment(System.getenv());
 * try (Connection connection = database.connect();
 *         SeriesCursor cursor = new SeriesCursor(connection, "select meter, time, load from readings order by 1, 2");
 *         ForecastWriter writer = new ForecastWriter(connection, "forecasts", cursor.columns())) {
 *     new TableForecast(Forecaster.bundled(), request -> request.withHorizon(24)).run(cursor, writer);
 * }
 * }</pre>
 *
 * PostgreSQL and SQLite read and write on one connection at a time. DuckDB ends a query when the same connection does
 * anything else: give cursor and writer one each.
 *
 * @param forecaster of all series
 * @param wanted what each request wants beside its history and frequency, such as a horizon and quantiles
 */
public record TableForecast(Forecaster forecaster, UnaryOperator<ForecastRequest> wanted) {
    private static final int BATCH = 256;

    /**
     * What came of it.
     *
     * @param series the number of series that were forecast
     * @param rows the number of rows that were written
     * @param problems why others could not be forecast, one sentence each
     */
    public record Result(long series, long rows, List<String> problems) {}

    /**
     * Reads, forecasts, writes, and commits at the end. A series that cannot be forecast is left out and named.
     *
     * @throws DatabaseException when the database fails; then nothing is written
     */
    public Result run(SeriesCursor cursor, ForecastWriter writer) throws IOException {
        List<String> problems = new ArrayList<>();
        List<TimeSeries> batch = new ArrayList<>();
        long count = 0;
        boolean more = true;
        while (more) {
            try {
                TimeSeries series = cursor.next();
                more = series != null;
                if (more) batch.add(series);
            } catch (DataException e) {
                problems.add(e.getMessage());
            }
            if (batch.size() == BATCH || !more) {
                count += forecast(batch, writer, problems);
                batch.clear();
            }
        }
        writer.commit();
        return new Result(count, writer.rows(), problems);
    }

    private long forecast(List<TimeSeries> batch, ForecastWriter writer, List<String> problems)
            throws DatabaseException {
        List<ForecastResult> results = forecaster.forecastAll(batch.stream().map(this::request).toList(),
                Execution.ALONE.withExecutor(ForkJoinPool.commonPool()));
        long count = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (results.get(i) instanceof ForecastResult.Failure failure) {
                String id = batch.get(i).id();
                problems.add((id == null ? "" : "series " + Printable.quoted(id) + ": ") + failure.reason());
            } else {
                writer.write(batch.get(i), results.get(i).orElseThrow());
                count++;
            }
        }
        return count;
    }

    private ForecastRequest request(TimeSeries series) {
        ForecastRequest request = ForecastRequest.of(series.doubleValues());
        return wanted.apply(series.axis().frequency().toTemporalAmount().map(request::withFrequency).orElse(request));
    }
}
