package org.ttm4j.kafka;

import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.InternalFixedKeyRecordFactory;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.LiveSeries;
import org.ttm4j.forecast.live.StreamForecast;
import org.ttm4j.forecast.live.StreamSettings;

/**
 * Forecasts every series of a stream, one per key, repeatedly as records arrive.
 *
 * <pre>{@code
 * StreamSettings settings = StreamSettings.of(24, Duration.ofHours(1)).withQuantiles(0.1, 0.9);
 * KStream<String, StreamForecast> forecasts = readings.processValues(
 *         TtmForecastProcessor.supplier("series", Serdes.String(), Reading::value, settings, Duration.ofMinutes(5)));
 * }</pre>
 *
 * <p>A forecast is made when the stream time of the task exceeds its origin by more than the grace; the timestamp of
 * its record is the origin. A null value deletes the series. {@link StreamSettings} and {@link LiveSeries} describe to
 * which step a record belongs, and how late records are handled. A forecast depends only on the order of the partition,
 * so that {@code exactly_once_v2} gives the same forecasts after a failure. Series that are too short, and those that
 * the model rejects, have no forecast. State per series: the two KB of {@code LiveSeries}, in a persistent store with a
 * changelog.
 *
 * <p>If many series are due together, they are forecast in slices of a second, so that the task can poll and commit in
 * between.
 *
 * @param <K> the type of the key
 * @param <V> the type of the incoming values
 */
public final class TtmForecastProcessor<K, V> implements FixedKeyProcessor<K, V, StreamForecast> {
    private static final Logger LOGGER = System.getLogger(TtmForecastProcessor.class.getName());
    private static final int BATCH = 64;
    /** The number of series that are read together, most of which may not be due. */
    private static final int READ = 4096;
    private static final Duration SLICE = Duration.ofSeconds(1);
    private static final Duration LONGEST_GRACE = Duration.ofDays(36_500);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final String storeName;
    private final ToDoubleFunction<? super V> value;
    private final StreamSettings settings;
    private final Duration grace;
    private final Duration slice;
    private FixedKeyProcessorContext<K, StreamForecast> context;
    private KeyValueStore<K, byte[]> store;
    private Forecaster forecaster;
    /** The last origin that series have been, or are being, forecast from, in units of {@code every}; at first −1. */
    private long scanned = -1;
    private boolean scanning;
    /** The key at which the scan continues; null for the first key. */
    private K next;

    private record Due<K>(K key, long origin, ForecastRequest request) {}

    private TtmForecastProcessor(String storeName, ToDoubleFunction<? super V> value, StreamSettings settings,
            Duration grace, Duration slice) {
        this.storeName = storeName;
        this.value = value;
        this.settings = settings;
        this.grace = grace;
        this.slice = slice;
    }

    /**
     * The argument of {@code KStream.processValues}, which also adds the store.
     *
     * @param store the name of the store, also used for its changelog
     * @param keys the serde for keys in the store
     * @param value reads the value of a record; NaN if it is missing
     * @param grace how late a record may arrive and still be used for the forecast from its time; at most a century
     * @throws IllegalArgumentException when the grace is negative or longer
     */
    public static <K, V> FixedKeyProcessorSupplier<K, V, StreamForecast> supplier(String store, Serde<K> keys,
            ToDoubleFunction<? super V> value, StreamSettings settings, Duration grace) {
        return supplier(store, keys, value, settings, grace, SLICE);
    }

    static <K, V> FixedKeyProcessorSupplier<K, V, StreamForecast> supplier(String store, Serde<K> keys,
            ToDoubleFunction<? super V> value, StreamSettings settings, Duration grace, Duration slice) {
        if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
            throw new IllegalArgumentException(
                    "grace " + grace + ": expected 0 to " + LONGEST_GRACE.toDays() + " days");
        }
        StoreBuilder<KeyValueStore<K, byte[]>> builder = Stores
                .keyValueStoreBuilder(Stores.persistentKeyValueStore(store), keys, Serdes.ByteArray())
                .withCachingEnabled();
        return new FixedKeyProcessorSupplier<>() {
            @Override
            public FixedKeyProcessor<K, V, StreamForecast> get() {
                return new TtmForecastProcessor<>(store, value, settings, grace, slice);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(builder);
            }
        };
    }

    @Override
    public void init(FixedKeyProcessorContext<K, StreamForecast> taskContext) {
        context = taskContext;
        store = context.getStateStore(storeName);
        forecaster = settings.forecaster();
        context.schedule(settings.frequency(), PunctuationType.STREAM_TIME, now -> scan());
        context.schedule(PAUSE, PunctuationType.WALL_CLOCK_TIME, now -> scan());
    }

    @Override
    public void process(FixedKeyRecord<K, V> arrived) {
        if (arrived.key() == null) return;
        LiveSeries series = LiveSeries.of(settings, store.get(arrived.key()));
        // Forecasts that are already due must not see this record, so they are made first.
        List<Due<K>> due = new ArrayList<>();
        addDue(due, arrived.key(), series);
        forward(due);
        if (arrived.value() == null) {
            store.delete(arrived.key());
            return;
        }
        if (series.isHeldBack(arrived.timestamp())) {
            LOGGER.log(Level.WARNING, () -> "the value of " + arrived.key() + " at " + arrived.timestamp()
                    + " is far ahead of its series: held back until another one is near it");
        }
        series.add(arrived.timestamp(), value.applyAsDouble(arrived.value()));
        store.put(arrived.key(), series.toBytes());
    }

    /** The latest origin that is due; records of the stream time itself may still arrive. */
    private long now() {
        return context.currentStreamTimeMs() - grace.toMillis() - 1;
    }

    private boolean addDue(List<Due<K>> due, K key, LiveSeries series) {
        boolean changed = false;
        long now = now();
        for (OptionalLong origin = series.due(now); origin.isPresent(); origin = series.due(now)) {
            long from = origin.getAsLong();
            series.request(from, forecaster.info().minimumHistory())
                    .ifPresent(request -> due.add(new Due<>(key, from, request)));
            changed = true;
        }
        return changed;
    }

    /** Scans the series for the time of a slice; the next call continues the scan if it is not complete. */
    private void scan() {
        long end = System.nanoTime() + slice.toNanos();
        do {
            long newest = Math.floorDiv(now(), settings.every().toMillis());
            if (!scanning && newest <= scanned) return;
            if (!scanning) scanned = newest;
            scanSome();
        } while (System.nanoTime() < end);
    }

    /**
     * Forecasts some series, from the next one on. Nothing is written while the iterator is open, because the iterator
     * would not show what a full cache writes to disk meanwhile.
     */
    private void scanSome() {
        List<Due<K>> due = new ArrayList<>();
        List<KeyValue<K, byte[]>> changed = new ArrayList<>();
        try (KeyValueIterator<K, byte[]> entries = next == null ? store.all() : store.range(next, null)) {
            for (int read = 0; read < READ && due.size() < BATCH && entries.hasNext(); read++) {
                KeyValue<K, byte[]> entry = entries.next();
                LiveSeries series = LiveSeries.of(settings, entry.value);
                if (addDue(due, entry.key, series)) changed.add(KeyValue.pair(entry.key, series.toBytes()));
            }
            scanning = entries.hasNext();
            next = scanning ? entries.peekNextKey() : null;
        }
        forward(due);
        store.putAll(changed);
    }

    private void forward(List<Due<K>> due) {
        if (due.isEmpty()) return;
        List<ForecastResult> results = forecaster.forecastAll(due.stream().map(Due::request).toList());
        for (int i = 0; i < due.size(); i++) {
            Due<K> series = due.get(i);
            switch (results.get(i)) {
                case ForecastResult.Success(Forecast forecast) -> context.forward(InternalFixedKeyRecordFactory.create(
                        new Record<>(series.key, StreamForecast.of(series.origin, settings, forecast), series.origin)));
                case ForecastResult.Failure failure -> LOGGER.log(Level.WARNING,
                        () -> "no forecast of " + series.key + " from " + series.origin + ": " + failure.reason());
            }
        }
    }
}
