package org.ttm4j.serve.http;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * How many requests each route has answered, with which status and in what time. Buckets and a maximum are reported of
 * routes that work on series; those of all routes would be most of a scrape. Thread-safe.
 */
final class RequestMetrics implements MultiCollector {
    private static final String NAME = "ttm4j_http_requests_seconds";
    private static final String MAX = NAME + "_max";
    private static final double[] BOUNDS = {0.005, 0.025, 0.1, 0.25, 1, 5, Double.POSITIVE_INFINITY};
    private static final double[] NO_BOUNDS = {Double.POSITIVE_INFINITY};
    private static final int PARTS = 3;
    private static final double MICROS = 1e6;

    /** Clients with metrics of their own; those who come later are counted together. */
    private static final int MOST_CLIENTS = 100;

    private final Map<Labels, Times> routes = new ConcurrentHashMap<>();
    private final Supplier<List<Client>> clients;

    /** @param clients those who are named, in the order in which they came */
    RequestMetrics(Supplier<List<Client>> clients) {
        this.clients = clients;
    }

    /** Those of the requests that were answered with one status. */
    private static final class Times {
        private final AtomicLongArray buckets = new AtomicLongArray(BOUNDS.length);
        private final LongAdder micros = new LongAdder();
        private final TimeWindowMax longest = new TimeWindowMax(Clock.SYSTEM, Duration.ofMinutes(1).toMillis(), PARTS);
        private volatile boolean ofSeries;
    }

    void record(Route route, int status, long nanos, boolean isAboutSeries) {
        // A model has one version, which requests may name or not.
        String path = route.path().replace("/versions/{version}", "");
        Times times = routes.computeIfAbsent(
                Labels.of("method", route.method(), "route", path, "status", Integer.toString(status)),
                any -> new Times());
        double seconds = nanos / 1e9;
        int bucket = Arrays.binarySearch(BOUNDS, seconds);
        times.buckets.incrementAndGet(bucket < 0 ? -bucket - 1 : bucket);
        times.micros.add(TimeUnit.NANOSECONDS.toMicros(nanos));
        times.longest.record(seconds);
        if (isAboutSeries) times.ofSeries = true;
    }

    @Override
    public MetricSnapshots collect() {
        List<HistogramDataPointSnapshot> times = new ArrayList<>();
        List<GaugeDataPointSnapshot> longest = new ArrayList<>();
        routes.forEach((labels, one) -> {
            long[] counts = new long[BOUNDS.length];
            for (int i = 0; i < counts.length; i++) counts[i] = one.buckets.get(i);
            ClassicHistogramBuckets buckets = one.ofSeries
                    ? ClassicHistogramBuckets.of(BOUNDS, counts)
                    : ClassicHistogramBuckets.of(NO_BOUNDS, new long[]{Arrays.stream(counts).sum()});
            times.add(new HistogramDataPointSnapshot(buckets, one.micros.sum() / MICROS, labels, Exemplars.EMPTY, 0));
            if (one.ofSeries) longest.add(new GaugeDataPointSnapshot(one.longest.poll(), labels, null));
        });
        return MetricSnapshots.of(
                new HistogramSnapshot(new MetricMetadata(NAME, "Time from the head of a request to its answer"), times),
                new GaugeSnapshot(new MetricMetadata(MAX, "The longest of these of the last minutes"), longest),
                clients("ttm4j_client_requests", "Requests of each client that is named",
                        client -> client.requests.sum()),
                clients("ttm4j_client_refused", "Requests refused because the client exceeded its limits",
                        client -> client.refused.sum()),
                clients("ttm4j_client_runs", "Runs of models for the client", client -> client.runs.sum()));
    }

    private CounterSnapshot clients(String name, String help, ToLongFunction<Client> count) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Client client : clients.get()) {
            counts.merge(counts.size() < MOST_CLIENTS ? client.name() : "(others)", count.applyAsLong(client),
                    Long::sum);
        }
        return new CounterSnapshot(new MetricMetadata(name, help), counts.entrySet()
                .stream()
                .map(one -> new CounterDataPointSnapshot(one.getValue(), Labels.of("client", one.getKey()), null, 0))
                .toList());
    }
}
