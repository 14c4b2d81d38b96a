package org.ttm4j.flink;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.LiveSeries;
import org.ttm4j.forecast.live.StreamForecast;
import org.ttm4j.forecast.live.StreamSettings;

/**
 * Forecasts every series of a keyed stream with timestamps and watermarks, as {@link TtmForecastFunction} does for a
 * table.
 *
 * <pre>{@code
 * StreamSettings settings = StreamSettings.of(24, Duration.ofHours(1));
 * DataStream<Tuple2<String, StreamForecast>> forecasts = TtmForecastOperator
 *         .forecast(readings.keyBy(Reading::id), settings, Reading::value, Duration.ofDays(30));
 * }</pre>
 *
 * <p>The forecasts that are due at a watermark are made in batches, before the watermark is passed to the next
 * operator: in a batch a forecast takes a fifth less time. This is an operator, because a function of Flink sees one
 * series at a time. No forecast is pending between two elements, so checkpoints need not include batches.
 *
 * @param <K> the type of the key
 * @param <T> the type of the elements
 */
public final class TtmForecastOperator<K, T> extends AbstractStreamOperator<Tuple2<K, StreamForecast>>
        implements
            OneInputStreamOperator<T, Tuple2<K, StreamForecast>>,
            Triggerable<K, VoidNamespace> {
    private static final long serialVersionUID = 1;
    private static final int BATCH = 64;

    private final StreamSettings settings;
    private final Value<T> value;
    private final Duration timeToLive;
    private transient Forecaster forecaster;
    private transient ValueState<byte[]> state;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient List<Due<K>> batch;
    private transient Counter withoutForecast;
    private transient Counter heldBack;

    /** Reads the value of an element; NaN if it is missing. */
    @FunctionalInterface
    public interface Value<T> extends ToDoubleFunction<T>, Serializable {}

    private record Due<K>(K key, long origin, ForecastRequest request) {}

    private TtmForecastOperator(StreamSettings settings, Value<T> value, Duration timeToLive) {
        this.settings = settings;
        this.value = value;
        this.timeToLive = timeToLive;
    }

    /**
     * The forecasts of the series of a stream. The timestamp of a forecast is its origin.
     *
     * @param readings a stream with one series per key
     * @param timeToLive the processing time for which the state of a series without new elements is kept
     */
    public static <K, T> SingleOutputStreamOperator<Tuple2<K, StreamForecast>> forecast(KeyedStream<T, K> readings,
            StreamSettings settings, Value<T> value, Duration timeToLive) {
        return readings.transform("TTM_FORECAST",
                new TupleTypeInfo<>(readings.getKeyType(), TypeInformation.of(StreamForecast.class)),
                new TtmForecastOperator<>(settings, value, timeToLive));
    }

    @Override
    public void open() throws Exception {
        super.open();
        forecaster = settings.forecaster();
        // Savepoints contain these names and types, so they must not change.
        ValueStateDescriptor<byte[]> descriptor = new ValueStateDescriptor<>("series",
                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
        descriptor.enableTimeToLive(StateTtlConfig.newBuilder(timeToLive).build());
        state = getRuntimeContext().getState(descriptor);
        timers = getInternalTimerService("user-timers", VoidNamespaceSerializer.INSTANCE, this);
        batch = new ArrayList<>();
        withoutForecast = getRuntimeContext().getMetricGroup().addGroup("ttm4j").counter("withoutForecast");
        heldBack = getRuntimeContext().getMetricGroup().addGroup("ttm4j").counter("heldBack");
    }

    @Override
    public void processElement(StreamRecord<T> element) throws Exception {
        if (element.getTimestamp() == Long.MIN_VALUE) {
            throw new IllegalStateException(
                    "an element without a timestamp: call assignTimestampsAndWatermarks before keyBy");
        }
        LiveSeries series = LiveSeries.of(settings, state.value());
        if (series.isHeldBack(element.getTimestamp())) heldBack.inc();
        series.add(element.getTimestamp(), value.applyAsDouble(element.getValue())).ifPresent(this::wakeAt);
        state.update(series.toBytes());
    }

    private void wakeAt(long origin) {
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, origin);
    }

    @Override
    public void onEventTime(InternalTimer<K, VoidNamespace> timer) throws Exception {
        // The state has expired.
        if (state.value() == null) return;
        LiveSeries series = LiveSeries.of(settings, state.value());
        long origin = timer.getTimestamp();
        if (series.isDue(origin)) {
            Optional<ForecastRequest> request = series.request(origin, forecaster.info().minimumHistory());
            request.ifPresent(made -> batch.add(new Due<>(timer.getKey(), origin, made)));
            if (request.isEmpty()) withoutForecast.inc();
            state.update(series.toBytes());
        }
        // After restoring a savepoint with other settings there may be no timer yet.
        series.due(Long.MAX_VALUE).ifPresent(this::wakeAt);
        if (batch.size() == BATCH) forecastBatch();
    }

    @Override
    public void onProcessingTime(InternalTimer<K, VoidNamespace> timer) {
        throw new IllegalStateException("a timer by the clock, of which this operator has none");
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        timeServiceManager.advanceWatermark(mark);
        forecastBatch();
        output.emitWatermark(mark);
    }

    private void forecastBatch() {
        if (batch.isEmpty()) return;
        List<ForecastResult> results = forecaster.forecastAll(batch.stream().map(Due::request).toList());
        for (int i = 0; i < batch.size(); i++) {
            Due<K> due = batch.get(i);
            if (results.get(i) instanceof ForecastResult.Success(Forecast made)) {
                StreamForecast forecast = StreamForecast.of(due.origin, settings, made);
                output.collect(new StreamRecord<>(Tuple2.of(due.key, forecast), due.origin));
            } else {
                withoutForecast.inc();
            }
        }
        batch.clear();
    }
}
