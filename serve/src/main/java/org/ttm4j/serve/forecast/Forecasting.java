package org.ttm4j.serve.forecast;

import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.ttm4j.eval.table.HierarchyTable;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastCost;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.serve.http.AccessLog;
import org.ttm4j.serve.http.Client;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.settings.Settings.Limits;

/**
 * From requests of the library to forecasts, through the batches and within the limits: what all routes that forecast
 * share. Thread-safe.
 *
 * @param batcher runs the models
 * @param cache of the latest forecasts
 * @param limits of a request
 * @param log of failures of the service itself
 */
public record Forecasting(Batcher batcher, Cache cache, Limits limits, AccessLog log) {
    /** Runs of a model that one request may take: a quarter of a minute of one core. */
    private static final long MOST_RUNS = 100_000;
    /** Forecasts of fewer runs are not cached: computing them again is cheaper than the garbage that cached ones leave. */
    private static final long LEAST_RUNS = 8;
    /** Bytes of memory for a number of an answer, and for a time, each with its text. */
    private static final long NUMBER_BYTES = 80;
    private static final long TIME_BYTES = 200;

    /**
     * The result for one series.
     *
     * @param forecast null where there is a problem
     * @param problem null where there is a forecast
     */
    public record Outcome(Forecast forecast, Problem problem) {}

    /**
     * Forecasts each series that can be a request and is not too long.
     *
     * @param exchange whose memory their answer takes
     * @param arrival of the request over HTTP
     * @param requests makes that of each series, or throws what is wrong with the series, which concerns no other
     * @param pointer to the place of each in the body
     * @return one outcome for each series
     * @throws Problem when they are too many or take too much, or when the queue is full
     * @throws UncheckedIOException when the client is gone
     */
    public List<Outcome> forecast(Exchange exchange, Batcher.Arrival arrival, Forecaster forecaster, int series,
            IntFunction<ForecastRequest> requests, IntFunction<String> pointer) {
        List<ForecastRequest> taken = new ArrayList<>(series);
        List<Outcome> outcomes = new ArrayList<>(series); // null where the request is taken
        for (int i = 0; i < series; i++) {
            try {
                ForecastRequest request = requests.apply(i);
                if (request.steps() > limits.history()) {
                    throw new Problem(Type.INVALID_VALUE, "expected at most " + limits.history() + " steps of history",
                            pointer.apply(i));
                }
                taken.add(request);
                outcomes.add(null);
            } catch (Problem ofTheSeries) {
                outcomes.add(new Outcome(null, ofTheSeries));
            }
        }
        exchange.memory().reserve(bytes(exchange.client(), forecaster, taken));
        Iterator<CompletableFuture<ForecastResult>> results = results(arrival, forecaster, taken).iterator();
        if (!arrival.await()) throw gone();
        Iterator<ForecastRequest> forecast = taken.iterator();
        for (int i = 0; i < series; i++) {
            if (outcomes.get(i) == null) outcomes.set(i, outcome(forecast.next(), results.next(), pointer.apply(i)));
        }
        return outcomes;
    }

    static UncheckedIOException gone() {
        return new UncheckedIOException(new SocketException("the client is gone"));
    }

    /**
     * Reserves the memory of the histories of a hierarchy's nodes, before they are made.
     *
     * @param channels nodes × columns
     * @param steps of each
     * @throws Problem when they are too many or take too much
     */
    void reserveHistories(Exchange exchange, long channels, long steps) {
        requireChannels(channels);
        exchange.client().requireSize(channels, 0);
        if (steps > limits.history()) {
            throw new Problem(Type.INVALID_VALUE, "expected at most " + limits.history()
                    + " steps of history, counted from the earliest time of any series, found " + steps);
        }
        exchange.memory().reserve(HierarchyTable.BYTES_OF_VALUE * channels * steps);
    }

    /** @throws Problem when a request takes more runs of a model than any may; it says what helps */
    public static void requireRuns(long runs, long most, String remedy) {
        if (runs <= most) return;
        throw new Problem(Type.TOO_LARGE,
                "expected at most " + most + " runs of the model, found some " + runs + ": " + remedy);
    }

    private void requireChannels(long channels) {
        if (channels <= limits.channels()) return;
        throw new Problem(Type.TOO_LARGE,
                "expected at most " + limits.channels() + " channels of all series, found " + channels);
    }

    /** Results from the cache; others are computed and then cached. */
    private List<CompletableFuture<ForecastResult>> results(Batcher.Arrival arrival, Forecaster forecaster,
            List<ForecastRequest> requests) {
        List<Cache.Key> keys = requests.stream()
                .map(one -> forecaster.cost(one).runs() < LEAST_RUNS ? null : cache.key(forecaster, one))
                .toList();
        List<Forecast> known = keys.stream().map(key -> key == null ? null : cache.get(key)).toList();
        List<ForecastRequest> unknown = IntStream.range(0, known.size())
                .filter(i -> known.get(i) == null)
                .mapToObj(requests::get)
                .toList();
        Iterator<CompletableFuture<ForecastResult>> made = arrival.forecast(forecaster, unknown).iterator();
        List<CompletableFuture<ForecastResult>> results = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            Cache.Key key = keys.get(i);
            if (known.get(i) != null) {
                results.add(CompletableFuture.completedFuture(new ForecastResult.Success(known.get(i))));
            } else {
                results.add(key == null ? made.next() : made.next().thenApply(one -> {
                    if (one instanceof ForecastResult.Success success) cache.put(key, success.forecast());
                    return one;
                }));
            }
        }
        return results;
    }

    /** The memory of the forecasts and their answer, which are within the limits. */
    private long bytes(Client client, Forecaster forecaster, List<ForecastRequest> requests) {
        long channels = 0;
        long numbers = 0;
        long runs = 0;
        long times = 0;
        for (ForecastRequest request : requests) {
            channels += request.channels();
            ForecastCost cost = forecaster.cost(request);
            long horizon = forecaster.horizon(request);
            numbers += request.channels() * horizon * (1 + cost.levels() + request.samples());
            if (request.start().isPresent()) times += horizon;
            runs += cost.runs();
        }
        requireChannels(channels);
        if (numbers > limits.numbers()) {
            throw new Problem(Type.TOO_LARGE, "expected at most " + limits.numbers()
                    + " numbers in the answer (channels × horizon × (1 + quantiles + samples)), found " + numbers);
        }
        requireRuns(runs, MOST_RUNS, "ask for fewer series or steps, or for the mode fast");
        client.requireSize(requests.size(), runs);
        return NUMBER_BYTES * numbers + TIME_BYTES * times;
    }

    private Outcome outcome(ForecastRequest request, CompletableFuture<ForecastResult> coming, String pointer) {
        try {
            ForecastResult result = coming.join();
            if (result instanceof ForecastResult.Failure failure) {
                return failed(failure.cause(), failure.reason(), pointer);
            }
            Forecast forecast = result.orElseThrow();
            if (request.quantiles().length == 0) {
                // Combinations answer quantiles unasked. Those of a model would make the answer ten times as long.
                return new Outcome(forecast.weights().isEmpty() ? forecast.withoutQuantiles() : forecast, null);
            }
            if (forecast.quantiles().isPresent()) return new Outcome(forecast, null);
            return new Outcome(null, new Problem(Type.CANNOT_FORECAST,
                    "this model alone has no quantiles: leave them out, or take the mode balanced", pointer));
        } catch (CompletionException | CancellationException bug) {
            return failed(bug.getCause() == null ? bug : bug.getCause(), null, pointer);
        }
    }

    private Outcome failed(Throwable cause, String reason, String pointer) {
        if (cause instanceof IllegalArgumentException) {
            return new Outcome(null, new Problem(Type.CANNOT_FORECAST, reason, pointer));
        }
        log.failure(null, cause);
        return new Outcome(null, new Problem(Type.INTERNAL, "this is not the request's fault", pointer));
    }

    /**
     * The latest forecasts of some cost, by the forecaster and a hash of all that the request holds, so that an
     * unchanged series is not forecast twice. A model that is loaded anew has other forecasters. Thread-safe.
     */
    public static final class Cache {
        /** Of an entry besides the numbers of its forecast. */
        private static final long ENTRY_BYTES = 2000;
        private static final int STEP_NUMBERS = 8;
        /** One forecast takes a part of the memory at most. */
        private static final int LARGEST_PART = 8;

        private final long most;
        private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
        /** The number of each forecaster; the cache keeps none alive. */
        private final Map<Forecaster, Integer> numbers = new WeakHashMap<>();
        private int next;
        private long bytes;

        public record Key(int forecaster, String request) {}

        private record Entry(Forecast forecast, long bytes) {}

        /** @param most bytes of all forecasts together */
        public Cache(long most) {
            this.most = most;
        }

        public Key key(Forecaster forecaster, ForecastRequest request) {
            String hash = HexFormat.of().formatHex(request.sha256());
            synchronized (this) {
                return new Key(numbers.computeIfAbsent(forecaster, any -> next++), hash);
            }
        }

        /** A forecast that was kept; null where there is none. */
        public synchronized Forecast get(Key key) {
            Entry entry = entries.get(key);
            return entry == null ? null : entry.forecast;
        }

        /** Keeps a forecast, in place of the least recently used ones. */
        public synchronized void put(Key key, Forecast forecast) {
            long size = ENTRY_BYTES + bytes(forecast);
            if (size > most / LARGEST_PART) return;
            Entry before = entries.put(key, new Entry(forecast, size));
            bytes += size - (before == null ? 0 : before.bytes);
            while (bytes > most) bytes -= entries.remove(entries.keySet().iterator().next()).bytes;
        }

        public synchronized void clear() {
            entries.clear();
            numbers.clear();
            bytes = 0;
        }

        /**
         * What a forecast keeps: at each step of a channel its value as double and float, its mean and time, and what
         * was asked for.
         */
        private static long bytes(Forecast of) {
            long levels = of.quantiles().map(all -> all.levels().length).orElse(0);
            long each = STEP_NUMBERS + levels + of.samples().map(all -> all[0].length).orElse(0);
            if (!of.components().isEmpty()) each += of.components().get(0).size();
            if (!of.crossValidation().isEmpty()) each += of.crossValidation().get(0).size() * (STEP_NUMBERS + levels);
            return Double.BYTES * each * of.channels().length * of.horizon();
        }
    }
}
