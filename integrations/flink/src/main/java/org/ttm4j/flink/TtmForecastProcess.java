package org.ttm4j.flink;

import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.live.StreamForecast;
import org.ttm4j.ttm.live.StreamSettings;
import org.ttm4j.ttm.live.StreamedSeries;

/**
 * Forecasts every series of a keyed stream with timestamps and watermarks, as {@link TtmForecastFunction} those of a table.
 *
 * <pre>{@code
 * StreamSettings settings = StreamSettings.of(24, Duration.ofHours(1));
 * DataStream<Tuple2<String, StreamForecast>> forecasts = readings.keyBy(Reading::id)
 *         .process(new TtmForecastProcess<>(settings, Reading::value, Duration.ofDays(30)));
 * }</pre>
 *
 * @param <K> of the key
 * @param <T> of the elements
 */
public class TtmForecastProcess<K, T> extends KeyedProcessFunction<K, T, Tuple2<K, StreamForecast>> {
    private static final long serialVersionUID = 1;

    private final StreamSettings settings;
    private final Value<T> value;
    private final Duration timeToLive;
    private transient Forecaster forecaster;
    private transient ValueState<byte[]> state;
    private transient Counter withoutForecast;
    private transient Counter heldBack;

    /** The value of an element; NaN for a missing one. */
    @FunctionalInterface
    public interface Value<T> extends ToDoubleFunction<T>, Serializable {}

    /**
     * A function for {@code process}.
     *
     * @param timeToLive how long the state of a series without elements is kept, by the clock
     */
    public TtmForecastProcess(StreamSettings settings, Value<T> value, Duration timeToLive) {
        this.settings = settings;
        this.value = value;
        this.timeToLive = timeToLive;
    }

    @Override
    public void open(OpenContext context) {
        forecaster = settings.forecaster();
        ValueStateDescriptor<byte[]> descriptor = new ValueStateDescriptor<>("series",
                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
        descriptor.enableTimeToLive(StateTtlConfig.newBuilder(timeToLive).build());
        state = getRuntimeContext().getState(descriptor);
        withoutForecast = getRuntimeContext().getMetricGroup().addGroup("ttm4j").counter("withoutForecast");
        heldBack = getRuntimeContext().getMetricGroup().addGroup("ttm4j").counter("heldBack");
    }

    @Override
    public void processElement(T element, Context context, Collector<Tuple2<K, StreamForecast>> out) throws Exception {
        StreamedSeries series = StreamedSeries.of(settings, state.value());
        if (series.isHeldBack(context.timestamp())) heldBack.inc();
        series.add(context.timestamp(), value.applyAsDouble(element))
                .ifPresent(context.timerService()::registerEventTimeTimer);
        state.update(series.toBytes());
    }

    @Override
    public void onTimer(long origin, OnTimerContext context, Collector<Tuple2<K, StreamForecast>> out)
            throws Exception {
        // It has expired.
        if (state.value() == null) return;
        StreamedSeries series = StreamedSeries.of(settings, state.value());
        if (series.isDue(origin)) {
            Optional<StreamForecast> forecast = series.forecast(origin, forecaster);
            forecast.ifPresent(made -> out.collect(Tuple2.of(context.getCurrentKey(), made)));
            if (forecast.isEmpty()) withoutForecast.inc();
            state.update(series.toBytes());
        }
        // After a savepoint of other settings there is no timer yet.
        series.due(Long.MAX_VALUE).ifPresent(context.timerService()::registerEventTimeTimer);
    }
}
