package org.ttm4j.serve.forecast;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.AnomalySearch;
import org.ttm4j.forecast.live.Judged;
import org.ttm4j.serve.forecast.ForecastBody.Options;
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
public final class AnomalyRoute {
    private static final int WAITING = 4;
    private static final int RETRY_SECONDS = 10;
    /** Steps of all channels of a table: about half a minute of one core in the mode balanced. */
    private static final int MOST_STEPS = 20_000;
    private static final double LEVEL = 0.99;
    private static final double LEAST_LEVEL = 0.5;
    private static final double MOST_LEVEL = 0.9999;

    private final ModelRepository models;
    private final Memory memory;
    private final ExecutorService searches = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
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
        long steps = csv.series().stream().mapToLong(one -> (long) one.length() * one.channels().size()).sum();
        if (steps > MOST_STEPS) {
            throw new Problem(Type.TOO_LARGE, "expected at most " + MOST_STEPS + " steps of all channels, found "
                    + steps + ": send the last ones, or fewer columns (target)");
        }
        exchange.series(csv.series().size());
        exchange.sendObject(wait(exchange, submit(new AnomalySearch(forecaster, level, 0, 0), csv)));
    }

    private static double level(Exchange exchange) {
        String text = exchange.query("level");
        try {
            double level = text == null ? LEVEL : Double.parseDouble(text);
            if (level >= LEAST_LEVEL && level <= MOST_LEVEL) return level;
        } catch (NumberFormatException notANumber) {
            // Reported below, with the numbers that are out of bounds.
        }
        throw new Problem(Type.INVALID_VALUE,
                "expected in the query a level from " + LEAST_LEVEL + " to " + MOST_LEVEL);
    }

    private Future<Map<String, Object>> submit(AnomalySearch search, CsvFile csv) {
        try {
            return searches.submit(() -> found(search, csv));
        } catch (RejectedExecutionException full) {
            throw new Problem(Type.TOO_MANY_REQUESTS, "other searches wait").retryAfter(RETRY_SECONDS);
        }
    }

    /** The search ends when its client is gone. */
    private static Map<String, Object> wait(Exchange exchange, Future<Map<String, Object>> search) {
        exchange.whenGone(() -> search.cancel(true));
        try {
            return search.get();
        } catch (CancellationException | InterruptedException gone) {
            search.cancel(true);
            throw new Problem(Type.UNAVAILABLE, "the search was ended");
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        }
    }

    private static Map<String, Object> found(AnomalySearch search, CsvFile csv) {
        List<Map<String, Object>> searched = new ArrayList<>();
        List<Map<String, Object>> leftOut = new ArrayList<>();
        for (DataException unread : csv.rejected()) leftOut.add(Json.object("detail", unread.getMessage()));
        for (TimeSeries series : csv.series()) {
            try {
                ForecastRequest request = ForecastRoute.request(series, Options.defaults(ModelRepository.DEFAULT));
                searched.add(members(series, search.in(request)));
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
            return Json.object("time", TableJson.times(series.axis(), index, index + 1).get(0), "channel",
                    series.channels().get(first.channel()), "kind", first.kind().toString(), "rows", event.rows(),
                    "value", first.value(), "forecast", first.forecast(), "lower", first.lower(), "upper",
                    first.upper(), "score", Double.isInfinite(first.score()) ? null : first.score());
        }).toList();
        return Json.object("id", series.id(), "channels", series.channels(), "judged", judged.size(), "anomalies",
                anomalies);
    }
}
