package org.ttm4j.serve.forecast;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;

/**
 * The latest forecasts of some cost, by the forecaster and a hash of all that the request holds, so that an unchanged series
 * is not forecast twice. A model that is loaded anew has other forecasters. Thread-safe.
 */
public final class ForecastCache {
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
    public ForecastCache(long most) {
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

    /** What a forecast keeps: at each step of a channel its value as double and float, its mean and time, and what was asked for. */
    private static long bytes(Forecast of) {
        long levels = of.quantiles().map(all -> all.levels().length).orElse(0);
        long each = STEP_NUMBERS + levels + of.samples().map(all -> all[0].length).orElse(0);
        if (!of.components().isEmpty()) each += of.components().get(0).size();
        if (!of.crossValidation().isEmpty()) each += of.crossValidation().get(0).size() * (STEP_NUMBERS + levels);
        return Double.BYTES * each * of.channels().length * of.horizon();
    }
}
