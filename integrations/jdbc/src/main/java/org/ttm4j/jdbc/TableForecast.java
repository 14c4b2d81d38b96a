package org.ttm4j.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastJob;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.Note;
import org.ttm4j.forecast.NoteCode;

/**
 * Forecasts all series of a query, some hundreds at a time, and writes the forecasts to a table in one transaction.
 * Immutable.
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
 * PostgreSQL and SQLite can read and write on the same connection. DuckDB ends a query when its connection is used
 * otherwise, so cursor and writer need separate connections.
 *
 * @param wanted adds further settings to each request, such as a horizon and quantiles
 */
public record TableForecast(Forecaster forecaster, UnaryOperator<ForecastRequest> wanted) {
    /**
     * The result of a run.
     *
     * @param series the number of series that were forecast
     * @param problems a sentence for each series that could not be forecast
     * @param notes a sentence for each channel that is forecast as 0 where a series has no value of it
     */
    public record Result(long series, long rows, List<String> problems, List<String> notes) {}

    /**
     * Reads, forecasts, writes, and commits at the end. A series that cannot be forecast is skipped and reported.
     *
     * @throws DatabaseException when the database fails; then nothing is written
     */
    public Result run(SeriesCursor cursor, ForecastWriter writer) throws IOException {
        List<String> problems = new ArrayList<>();
        Map<String, Integer> unobserved = new TreeMap<>();
        long count = 0;
        try {
            Iterator<TimeSeries> readable = Stream
                    .iterate(next(cursor, problems), Objects::nonNull, before -> next(cursor, problems))
                    .iterator();
            ForecastJob<TimeSeries> job = new ForecastJob<>(forecaster, readable, this::request,
                    Execution.ALONE.withExecutor(ForkJoinPool.commonPool()));
            while (job.hasNext()) {
                ForecastJob.Answer<TimeSeries> answer = job.next();
                if (answer.result() instanceof ForecastResult.Failure failure) {
                    String id = answer.source().id();
                    problems.add((id == null ? "" : "series " + Printable.quoted(id) + ": ") + failure.reason());
                } else {
                    Forecast made = answer.result().orElseThrow();
                    writer.write(answer.source(), made);
                    count++;
                    for (Note note : made.codedNotes()) {
                        if (note.code() != NoteCode.UNOBSERVED) continue;
                        unobserved.merge(answer.source().channels().get(note.channel()), 1, Integer::sum);
                    }
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        writer.commit();
        List<String> notes = new ArrayList<>();
        unobserved.forEach((channel, series) -> notes.add(
                "channel " + channel + ": nothing observed in the history of " + series + " series; forecast as 0"));
        return new Result(count, writer.rows(), problems, notes);
    }

    /** The next series that can be read, up to its last values; null at the end. The problems of others are added to a list. */
    private static TimeSeries next(SeriesCursor cursor, List<String> problems) {
        while (true) {
            try {
                TimeSeries next = cursor.next();
                return next == null ? null : next.upToLast(next.channels());
            } catch (DataException e) {
                problems.add(e.getMessage());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private ForecastRequest request(TimeSeries series) {
        ForecastRequest request = ForecastRequest.of(series.doubleValues())
                .withKnownFrequency(series.axis().frequency().toTemporalAmount())
                .withOpenTimes(series.axis().frequency().openStep(), series.axis().frequency().openStepsOfDay());
        return wanted.apply(series.axis().firstDay().map(request::withStart).orElse(request));
    }
}
