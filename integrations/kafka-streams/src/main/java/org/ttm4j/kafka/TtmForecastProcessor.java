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
 * Forecasts every series of a stream, one a key, again and again as its records arrive.
 *
 * <pre>{@code
 * StreamSettings settings = StreamSettings.of(24, Duration.ofHours(1)).withQuantiles(0.1, 0.9);
 * KStream<String, StreamForecast> forecasts = readings.processValues(
 *         TtmForecastProcessor.supplier("series", Serdes.String(), Reading::value, settings, Duration.ofMinutes(5)));
 * }</pre>
 *
 * <p>A forecast is made when the stream time of the task is later than the time that it is made from by more than the grace;
 * its record has that time. A null value deletes the series. Which step a record belongs to, and what becomes of late
 * ones, stand at {@link StreamSettings} and {@link LiveSeries}; what a forecast sees depends on the order of the partition alone,
 * so that after a failure {@code exactly_once_v2} gives the same. Series that are too short, and those that the model refuses,
 * have no forecast. State of a series: the two KB of {@code LiveSeries}, in a persistent store with a changelog.
 *
 * <p>Where many series are due at once, they are forecast for a second at a time, so that the task goes on to poll and to
 * commit in between.
 *
 * @param <K> of the key
 * @param <V> of the records that arrive
 */
public final class TtmForecastProcessor<K, V> implements FixedKeyProcessor<K, V, StreamForecast> {
    private static final Logger LOGGER = System.getLogger(TtmForecastProcessor.class.getName());
    private static final int BATCH = 64;
    /** Series that are looked at together, most of which may not be due. */
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
    /** The time that all series have been, or are being, forecast from, in {@code every}; no record is from before 1970. */
    private long scanned = -1;
    private boolean scanning;
    /** Where the scan goes on; null for the first key. */
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
     * What {@code KStream.processValues} takes; it brings its store.
     *
     * @param store its name, and that of its changelog
     * @param keys how the store writes keys
     * @param value of a record; NaN for a missing one, never null
     * @param grace how much later than others records may come and still count in the forecast of their time, up to a century
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
    public void init(FixedKeyProcessorContext<K, StreamForecast> of) {
        context = of;
        store = of.getStateStore(storeName);
        forecaster = settings.forecaster();
        of.schedule(settings.frequency(), PunctuationType.STREAM_TIME, now -> scan());
        of.schedule(PAUSE, PunctuationType.WALL_CLOCK_TIME, now -> scan());
    }

    @Override
    public void process(FixedKeyRecord<K, V> arrived) {
        if (arrived.key() == null) return;
        LiveSeries series = LiveSeries.of(settings, store.get(arrived.key()));
        // What is due does not see this record, whenever the next scan comes.
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

    /** Records of the stream time itself may still come. */
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

    /** Goes through the series for a while; where that is not enough for all, the next call goes on from there. */
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
     * Forecasts some series, from the next one on. Nothing is written while the iterator is open: what a full cache writes to
     * disk meanwhile, the iterator shows as it was before.
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
            Due<K> of = due.get(i);
            switch (results.get(i)) {
                case ForecastResult.Success(Forecast forecast) -> context.forward(InternalFixedKeyRecordFactory
                        .create(new Record<>(of.key, StreamForecast.of(of.origin, settings, forecast), of.origin)));
                case ForecastResult.Failure failure -> LOGGER.log(Level.WARNING,
                        () -> "no forecast of " + of.key + " from " + of.origin + ": " + failure.reason());
            }
        }
    }
}
