package org.ttm4j.serve.forecast;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.table.IsoTimes;
import org.ttm4j.eval.table.SeriesRequest;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ForecasterInfo;
import org.ttm4j.forecast.ModelChoice;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.forecast.explain.Explanation;
import org.ttm4j.forecast.live.AnomalySearch;
import org.ttm4j.forecast.live.Judged;
import org.ttm4j.serve.http.Client;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.ttm.inspect.Trace;

/**
 * {@code POST /v1/anomalies}: the unusual values of a table. A search forecasts a series hundreds of times, each when it is its
 * turn among all requests; some searches go on at a time, and others are refused. Thread-safe.
 */
public final class AnomalyRoute implements AutoCloseable {
    private static final int SEARCHES = 8;
    /** The most searches of one named client. */
    private static final int OWN = SEARCHES / 2;
    private static final int RETRY_SECONDS = 10;
    /** Runs of a model that a search may take: about half a minute of one core. */
    private static final long MOST_RUNS = 200_000;
    /** The most anomalies in an answer; at low levels half of all values are anomalies. */
    private static final int MOST_EVENTS = 50_000;
    private static final long BYTES_OF_EVENT = 1000;
    /** The memory of a judged value. */
    private static final long BYTES_OF_VALUE = 100;

    private final ModelRepository models;
    private final Batcher batcher;
    /** Platform threads: a search waits in synchronized methods, where a virtual thread would keep its carrier. */
    private final ThreadPoolExecutor searches = new ThreadPoolExecutor(0, SEARCHES, 1, TimeUnit.SECONDS,
            new SynchronousQueue<>(), Thread.ofPlatform().name("anomalies-", 0).daemon().factory());
    private final Map<Client, Integer> own = new ConcurrentHashMap<>();

    public AnomalyRoute(ModelRepository models, Batcher batcher) {
        this.models = models;
        this.batcher = batcher;
    }

    public void answer(Exchange exchange) throws IOException {
        String type = exchange.mediaType(Exchange.CSV, Exchange.WORKBOOK);
        double level = exchange.query("level", AnomalySearch.USUAL_LEVEL, AnomalySearch.LEAST_LEVEL,
                AnomalySearch.MOST_LEVEL);
        Forecaster forecaster = models.get(exchange.query("model", ModelRepository.DEFAULT), null)
                .get(ForecastBody.mode(exchange));
        CsvFile csv = TableBody.read(exchange, type, forecaster, batcher.memory()).csv();
        AnomalySearch alone = new AnomalySearch(forecaster, level, 0, 0);
        long runs = csv.series()
                .stream()
                .mapToLong(series -> alone.forecasts(series.length())
                        * forecaster.cost(SeriesRequest.of(series).withHorizon(1)).runs())
                .sum();
        exchange.client().requireSize(csv.series().size(), runs);
        Forecasting.requireRuns(runs, MOST_RUNS, "send the last rows, fewer columns (target), or take the mode fast");
        exchange.series(csv.series().size());
        try (Batcher.Arrival arrival = batcher.arrive(exchange.client(), searched -> {})) {
            long values = csv.series().stream().mapToLong(one -> (long) one.length() * one.channels().size()).sum();
            exchange.memory().reserve(BYTES_OF_VALUE * values + BYTES_OF_EVENT * Math.min(values, MOST_EVENTS));
            AnomalySearch search = new AnomalySearch(new InTurns(forecaster, arrival), level, 0, 0);
            exchange.sendObject(search(exchange, arrival, () -> found(search, csv)));
        }
    }

    /** Searches until it is done or its client is gone. */
    private Map<String, Object> search(Exchange exchange, Batcher.Arrival arrival,
            Callable<Map<String, Object>> search) {
        Client client = exchange.client();
        int searching = own.merge(client, 1, Integer::sum);
        try {
            if (searching > OWN && client.name() != null) {
                throw busy(OWN + " searches of " + client.name() + " are at work");
            }
            exchange.whenGone(arrival::cancel);
            return TableBody.apart(searches, search);
        } catch (RejectedExecutionException full) {
            throw busy(SEARCHES + " searches are at work");
        } catch (CancellationException | IOException gone) {
            throw new Problem(Type.UNAVAILABLE, "the search was ended");
        } finally {
            own.computeIfPresent(client, (any, count) -> count == 1 ? null : count - 1);
        }
    }

    private static Problem busy(String why) {
        return new Problem(Type.TOO_MANY_REQUESTS, why).retryAfter(RETRY_SECONDS);
    }

    @Override
    public void close() {
        searches.shutdownNow();
    }

    private static Map<String, Object> found(AnomalySearch search, CsvFile csv) {
        List<Map<String, Object>> searched = new ArrayList<>();
        List<Map<String, Object>> leftOut = TableBody.leftOut(csv);
        int room = MOST_EVENTS;
        for (TimeSeries series : csv.series()) {
            try {
                Map<String, Object> members = members(series, search.in(SeriesRequest.of(series)), room);
                room -= ((List<?>) members.get("anomalies")).size();
                searched.add(members);
            } catch (IllegalArgumentException wrong) {
                leftOut.add(Json.object("id", series.id(), "detail", wrong.getMessage()));
            }
        }
        return Json.object("series", searched, "repaired", csv.report().lines().map(TableBody::inQuery).toList(),
                "left_out", leftOut);
    }

    private static Map<String, Object> members(TimeSeries series, List<Judged> judged, int most) {
        List<AnomalySearch.Event> events = AnomalySearch.events(judged);
        if (events.size() > most) {
            throw new IllegalArgumentException("expected at most " + MOST_EVENTS
                    + " anomalies in all, found more: ask for a higher level, or send fewer rows");
        }
        List<Map<String, Object>> anomalies = events.stream().map(event -> {
            Judged first = event.first();
            int index = Math.toIntExact(first.index());
            Map<String, Object> members = Json.object("index", index, "time",
                    IsoTimes.of(series.axis(), index, index + 1).get(0), "channel",
                    series.channels().get(first.channel()), "rows", event.rows(), "row_score",
                    Double.isInfinite(first.rowScore()) ? null : first.rowScore());
            members.putAll(ForecastJson.members(first));
            return members;
        }).toList();
        return Json.object("id", series.id(), "channels", series.channels(), "steps", series.length(), "judged",
                judged.size(), "anomalies", anomalies);
    }

    /**
     * A forecaster whose forecasts wait for the turns of a request: for the search alone, which makes many of
     * them, one after the other, and asks for no {@code horizon} and no {@code cost}. For one thread.
     */
    private record InTurns(Forecaster forecaster, Batcher.Arrival arrival) implements ModelForecaster {
        @Override
        public List<ForecastResult> forecastAll(List<ForecastRequest> requests, Execution execution) {
            List<CompletableFuture<ForecastResult>> coming = arrival.forecast(forecaster, requests);
            arrival.await();
            return coming.stream().map(CompletableFuture::join).toList();
        }

        @Override
        public ForecasterInfo info() {
            return forecaster.info();
        }

        @Override
        public ModelChoice modelFor(ForecastRequest request) {
            return forecaster.modelFor(request);
        }

        @Override
        public WarmedUp warmUp() {
            return forecaster.warmUp();
        }

        @Override
        public void forecast(float[][] history, float[][] result) {
            forecaster.fast().forecast(history, result);
        }

        @Override
        public Trace trace(ForecastRequest request) {
            return forecaster.fast().trace(request);
        }

        @Override
        public Explanation explain(ForecastRequest request) {
            return forecaster.fast().explain(request);
        }
    }
}
