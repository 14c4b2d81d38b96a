package org.ttm4j.flink;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.table.functions.SpecializedFunction;
import org.apache.flink.table.functions.UserDefinedFunction;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.types.ColumnList;
import org.apache.flink.types.Row;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.AnomalySearch;
import org.ttm4j.forecast.live.Judged;
import org.ttm4j.forecast.live.LiveSeries;
import org.ttm4j.forecast.live.StreamForecast;
import org.ttm4j.forecast.live.StreamSettings;

/**
 * Decides for every value of every series of a table whether it is an {@linkplain Judged anomaly}, that is outside the
 * interval of the last forecast before it.
 *
 * <pre>{@code
 * CREATE FUNCTION TTM_ANOMALIES AS 'org.ttm4j.flink.TtmAnomaliesFunction';
 *
 * SELECT * FROM TTM_ANOMALIES(
 *   series => TABLE readings PARTITION BY id, data_col => DESCRIPTOR(v), on_time => DESCRIPTOR(ts),
 *   horizon => 24, `every` => INTERVAL '1' DAY, frequency => INTERVAL '1' HOUR, level => 0.99)
 * }</pre>
 *
 * <p>Arguments: those of {@link TtmForecastFunction}, with {@code level}, the level of the interval (0.99), instead of
 * the quantiles. Columns: those of PARTITION BY, {@code observed}, {@code forecast}, {@code lower}, {@code upper},
 * {@code is_anomaly}, {@code score} and {@code kind} (null unless it is an anomaly) and {@code rowtime}, the time of the
 * step. There is a row for every observed and forecast step, when the watermark has passed it; {@code every} must not
 * exceed the horizon. Late values are not judged. State per series: that of {@code TTM_FORECAST} plus 24 bytes per step
 * of the horizon, and about 100.
 */
public class TtmAnomaliesFunction extends ProcessTableFunction<Row> implements SpecializedFunction {
    private static final long serialVersionUID = 1;
    private static final double LEVEL = AnomalySearch.USUAL_LEVEL;
    /** Columns of the state. Savepoints contain them, so they must not change. */
    private static final int STATE_SERIES = 0;
    private static final int STATE_FORECAST = 1;

    /** Null until the call is known. */
    private final Call call;
    private final double level;
    private transient Forecaster forecaster;
    private transient Counter heldBack;
    private transient StreamSettings settings;

    /** For CREATE FUNCTION. */
    public TtmAnomaliesFunction() {
        this(null, LEVEL);
    }

    private TtmAnomaliesFunction(Call call, double level) {
        this.call = call;
        this.level = level;
    }

    @Override
    public UserDefinedFunction specialize(SpecializedContext context) {
        CallContext arguments = context.getCallContext();
        Call call = call(arguments);
        if (call.levels() == null) return new TtmAnomaliesFunction(call, LEVEL);
        double level = arguments.getArgumentValue(Call.LEVELS, Double.class).orElse(Double.NaN);
        if (!(level > 0 && level < 1)) {
            throw new ValidationException("level: expected a literal above 0 and below 1");
        }
        return new TtmAnomaliesFunction(call, level);
    }

    private static Call call(CallContext context) {
        Call call = Call.of(context);
        Duration every = call.settings().every();
        Duration judged = call.settings().frequency().multipliedBy(call.settings().horizon());
        if (every.compareTo(judged) <= 0) return call;
        throw new ValidationException(
                "every " + every + ": expected at most " + judged + ", the horizon: steps after it are not judged");
    }

    @Override
    public TypeInference getTypeInference(DataTypeFactory factory) {
        return Call.types(call, "level", DataTypes.DOUBLE(), DataTypes.FIELD("forecast", DataTypes.BYTES()),
                context -> {
                    call(context);
                    return Optional.of(DataTypes.ROW(DataTypes.FIELD("observed", DataTypes.DOUBLE().notNull()),
                            DataTypes.FIELD("forecast", DataTypes.DOUBLE().notNull()),
                            DataTypes.FIELD("lower", DataTypes.DOUBLE().notNull()),
                            DataTypes.FIELD("upper", DataTypes.DOUBLE().notNull()),
                            DataTypes.FIELD("is_anomaly", DataTypes.BOOLEAN().notNull()),
                            DataTypes.FIELD("score", DataTypes.DOUBLE()), DataTypes.FIELD("kind", DataTypes.STRING())));
                });
    }

    @Override
    public void open(FunctionContext context) {
        // A timer at every step, to judge its value.
        settings = call.settings()
                .withQuantiles((1 - level) / 2, (1 + level) / 2)
                .withEvery(call.settings().frequency());
        forecaster = settings.forecaster();
        heldBack = context.getMetricGroup().addGroup("ttm4j").counter("heldBack");
    }

    /** Called by Flink for each row. */
    public void eval(Context context, Row state, Row row, ColumnList dataCol, Integer horizon, Duration every,
            Duration frequency, Object ofPlan, Integer contextWindow, String model, String mode) {
        TimeContext<Long> time = context.timeContext(Long.class);
        LiveSeries series = series(state);
        if (series.isHeldBack(time.time())) heldBack.inc();
        long each = call.settings().every().toMillis();
        series.add(time.time(), call.value(row)).ifPresent(step -> {
            time.registerOnTime(step);
            // A step without a value has a forecast too.
            time.registerOnTime(Math.ceilDiv(step, each) * each);
        });
        state.setField(STATE_SERIES, series.toBytes());
    }

    /** Called by Flink when the watermark passes a step. */
    public void onTimer(OnTimerContext context, Row state) {
        // The state has expired.
        if (state.getField(STATE_SERIES) == null) return;
        TimeContext<Long> timers = context.timeContext(Long.class);
        LiveSeries series = series(state);
        boolean isDue = series.isDue(timers.time());
        if (isDue) series.judge(timers.time()).forEach(this::collect);
        if (Math.floorMod(timers.time(), call.settings().every().toMillis()) == 0) {
            series.issue(timers.time(), forecaster);
        } else if (isDue) {
            series.request(timers.time(), forecaster.info().minimumHistory());
        }
        state.setField(STATE_SERIES, series.toBytes());
        series.due(Long.MAX_VALUE).ifPresent(timers::registerOnTime);
    }

    private void collect(Judged value) {
        collect(Row.of(value.value(), value.forecast(), value.lower(), value.upper(), value.isAnomaly(),
                value.isAnomaly() ? value.score() : null, value.isAnomaly() ? value.kind().toString() : null));
    }

    /** Restores the series. Earlier versions kept the last forecast in a separate column. */
    private LiveSeries series(Row state) {
        LiveSeries series = LiveSeries.of(settings, state.getFieldAs(STATE_SERIES));
        byte[] last = state.getFieldAs(STATE_FORECAST);
        // Ignored for a new series: a forecast with another frequency has other steps.
        if (last != null && !series.isNew()) series.expect(forecast(ByteBuffer.wrap(last)));
        state.setField(STATE_FORECAST, null);
        return series;
    }

    /** Reads the origin (from version 2 on a number and doubles instead of floats), then forecast, lower and upper. */
    private StreamForecast forecast(ByteBuffer bytes) {
        long origin = bytes.getLong();
        boolean floats = bytes.remaining() % (3 * Float.BYTES) == 0;
        if (!floats) bytes.getInt();
        double[][] steps = new double[3][bytes.remaining() / (3 * (floats ? Float.BYTES : Double.BYTES))];
        for (int t = 0; t < steps[0].length; t++) {
            for (double[] numbers : steps) numbers[t] = floats ? bytes.getFloat() : bytes.getDouble();
        }
        return new StreamForecast(origin, settings.frequency().toMillis(), steps[0],
                new double[][]{steps[1], steps[2]});
    }
}
