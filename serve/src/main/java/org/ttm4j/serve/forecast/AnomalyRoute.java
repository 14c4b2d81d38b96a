package org.ttm4j.serve.forecast;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.table.IsoTimes;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.AnomalySearch;
import org.ttm4j.forecast.live.Judged;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.Memory;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.model.ModelRepository;
import org.ttm4j.serve.model.ServedModel;

/**
 * {@code POST /v1/anomalies}: the unusual values of a table. A search forecasts a series hundreds of times; one is at work at
 * a time, a few wait, and others are refused. Thread-safe.
 */
public final class AnomalyRoute implements AutoCloseable {
    private static final int WAITING = 4;
    private static final int RETRY_SECONDS = 10;
    /** Runs of a model that a search may take: about half a minute of one core. */
    private static final long MOST_RUNS = 200_000;

    private final ModelRepository models;
    private final Memory memory;
    private final ThreadPoolExecutor searches = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING), Thread.ofPlatform().name("anomalies").daemon().factory());

    /** Searches with these models. */
    public AnomalyRoute(ModelRepository models, Memory memory) {
        this.models = models;
        this.memory = memory;
    }

    /** Answers a request. */
    public void answer(Exchange exchange) throws IOException {
        String type = exchange.mediaType(Exchange.CSV, Exchange.WORKBOOK);
        double level = level(exchange);
        String mode = exchange.query("mode");
        String model = exchange.query("model");
        Forecaster forecaster = models.get(model == null ? ModelRepository.DEFAULT : model, null)
                .in(mode == null ? ForecastMode.BALANCED : ServedModel.mode(mode, null));
        CsvFile csv = TableBody.read(exchange, type, forecaster, memory);
        AnomalySearch search = new AnomalySearch(forecaster, level, 0, 0);
        requireBounded(search, csv);
        exchange.series(csv.series().size());
        exchange.sendObject(wait(exchange, submit(search, csv)));
    }

    private static double level(Exchange exchange) {
        String text = exchange.query("level");
        try {
            double level = text == null ? AnomalySearch.USUAL_LEVEL : Double.parseDouble(text);
            if (level >= AnomalySearch.LEAST_LEVEL && level <= AnomalySearch.MOST_LEVEL) return level;
        } catch (NumberFormatException notANumber) {
            // Reported below, with the numbers that are out of bounds.
        }
        throw new Problem(Type.INVALID_VALUE,
                "expected in the query a level from " + AnomalySearch.LEAST_LEVEL + " to " + AnomalySearch.MOST_LEVEL);
    }

    private static void requireBounded(AnomalySearch search, CsvFile csv) {
        long runs = csv.series()
                .stream()
                .mapToLong(series -> search.forecasts(series.length())
                        * search.forecaster().cost(TableBody.request(series).withHorizon(1)).runs())
                .sum();
        if (runs <= MOST_RUNS) return;
        throw new Problem(Type.TOO_LARGE, "expected at most " + MOST_RUNS + " runs of the model, found some " + runs
                + ": send the last rows, fewer columns (target), or take the mode fast");
    }

    private Future<Map<String, Object>> submit(AnomalySearch search, CsvFile csv) {
        try {
            return searches.submit(() -> found(search, csv));
        } catch (RejectedExecutionException full) {
            throw new Problem(Type.TOO_MANY_REQUESTS, "other searches wait").retryAfter(RETRY_SECONDS);
        }
    }

    /** The search ends when its client is gone. */
    private Map<String, Object> wait(Exchange exchange, Future<Map<String, Object>> search) {
        exchange.whenGone(() -> end(search));
        try {
            return search.get();
        } catch (CancellationException | InterruptedException gone) {
            end(search);
            throw new Problem(Type.UNAVAILABLE, "the search was ended");
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        }
    }

    private void end(Future<?> search) {
        search.cancel(true);
        searches.purge();
    }

    /** Ends all searches, those that wait too. */
    @Override
    public void close() {
        searches.shutdownNow().forEach(waiting -> ((Future<?>) waiting).cancel(false));
    }

    private static Map<String, Object> found(AnomalySearch search, CsvFile csv) {
        List<Map<String, Object>> searched = new ArrayList<>();
        List<Map<String, Object>> leftOut = new ArrayList<>();
        for (DataException unread : csv.rejected()) leftOut.add(Json.object("detail", unread.getMessage()));
        for (TimeSeries series : csv.series()) {
            try {
                searched.add(members(series, search.in(TableBody.request(series))));
            } catch (IllegalArgumentException wrong) {
                leftOut.add(Json.object("id", series.id(), "detail", wrong.getMessage()));
            }
        }
        return Json.object("series", searched, "repaired", csv.report().lines().toList(), "left_out", leftOut);
    }

    private static Map<String, Object> members(TimeSeries series, List<Judged> judged) {
        List<Map<String, Object>> anomalies = AnomalySearch.events(judged).stream().map(event -> {
            Judged first = event.first();
            int index = Math.toIntExact(first.index());
            return Json.object("index", index, "time", IsoTimes.of(series.axis(), index, index + 1).get(0), "channel",
                    series.channels().get(first.channel()), "kind", first.kind().toString(), "rows", event.rows(),
                    "value", first.value(), "forecast", first.forecast(), "lower", first.lower(), "upper",
                    first.upper(), "score", Double.isInfinite(first.score()) ? null : first.score());
        }).toList();
        return Json.object("id", series.id(), "channels", series.channels(), "steps", series.length(), "judged",
                judged.size(), "anomalies", anomalies);
    }
}
