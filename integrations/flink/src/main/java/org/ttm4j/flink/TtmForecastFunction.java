package org.ttm4j.flink;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.table.functions.SpecializedFunction;
import org.apache.flink.table.functions.UserDefinedFunction;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.types.ColumnList;
import org.apache.flink.types.Row;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.LiveSeries;
import org.ttm4j.forecast.live.StreamForecast;
import org.ttm4j.forecast.live.StreamSettings;

/**
 * Forecasts every series of a table repeatedly as rows arrive.
 *
 * <pre>{@code
 * CREATE FUNCTION TTM_FORECAST AS 'org.ttm4j.flink.TtmForecastFunction';
 *
 * SELECT * FROM TTM_FORECAST(
 *   series => TABLE readings PARTITION BY id, data_col => DESCRIPTOR(v), on_time => DESCRIPTOR(ts),
 *   horizon => 24, `every` => INTERVAL '1' HOUR, quantiles => ARRAY[0.1, 0.9])
 * }</pre>
 *
 * <p>Arguments: {@code horizon}, the number of steps to forecast; {@code every}, the time between two forecasts of a
 * series (EVERY is a reserved word, hence the backticks); and optionally {@code frequency}, the time between two steps
 * (default: {@code every}); {@code quantiles}, their levels; {@code context_window}, the steps of history (512);
 * {@code model} and {@code mode}, as in {@link StreamSettings}. All arguments except the quantiles must be literals.
 * Columns: those of PARTITION BY, {@code forecast_timestamp}, {@code step} from 1 on, {@code forecast}, with quantiles
 * an array {@code quantiles} in the order of the levels, and {@code rowtime}, the time of the last step that the
 * forecast saw.
 *
 * <p>A forecast is made when the watermark passes its origin. Null and infinite values are missing.
 * {@link StreamSettings} and {@link LiveSeries} describe to which step a row belongs, and how late rows are handled.
 * State per series: the two KB of {@code LiveSeries}, kept for {@code table.exec.state.ttl}. Series that are too short,
 * and those that the model rejects, have no forecast and are counted by {@code ttm4j.withoutForecast};
 * {@code ttm4j.heldBack} counts values that were too far ahead of their series.
 */
public class TtmForecastFunction extends ProcessTableFunction<RowData> implements SpecializedFunction {
    private static final long serialVersionUID = 1;

    /** Columns of the state. Savepoints contain them, so they must not change. */
    private static final int STATE_SERIES = 0;
    private static final int STATE_QUANTILES = 1;

    /** Null until the call is known. */
    private final Call call;
    private transient Forecaster forecaster;
    private transient Counter withoutForecast;
    private transient Counter heldBack;
    private transient StreamSettings settings;

    /** For CREATE FUNCTION. */
    public TtmForecastFunction() {
        this(null);
    }

    private TtmForecastFunction(Call call) {
        this.call = call;
    }

    @Override
    public UserDefinedFunction specialize(SpecializedContext context) {
        return new TtmForecastFunction(Call.of(context.getCallContext()));
    }

    @Override
    public TypeInference getTypeInference(DataTypeFactory factory) {
        return Call.types(call, "quantiles", DataTypes.ARRAY(DataTypes.DOUBLE()),
                DataTypes.FIELD("quantiles", DataTypes.ARRAY(DataTypes.DOUBLE().notNull()).bridgedTo(double[].class)),
                TtmForecastFunction::outputType);
    }

    private static Optional<DataType> outputType(CallContext context) {
        Call call = Call.of(context);
        List<DataTypes.Field> fields = new ArrayList<>();
        fields.add(DataTypes.FIELD("forecast_timestamp", Call.timeType(context)));
        fields.add(DataTypes.FIELD("step", DataTypes.INT().notNull()));
        fields.add(DataTypes.FIELD("forecast", DataTypes.DOUBLE().notNull()));
        if (call.levels() != null) {
            fields.add(DataTypes.FIELD("quantiles", DataTypes.ARRAY(DataTypes.DOUBLE().notNull())));
        }
        return Optional.of(DataTypes.ROW(fields).bridgedTo(RowData.class));
    }

    @Override
    public void open(FunctionContext context) {
        settings = call.settings();
        forecaster = settings.forecaster();
        withoutForecast = context.getMetricGroup().addGroup("ttm4j").counter("withoutForecast");
        heldBack = context.getMetricGroup().addGroup("ttm4j").counter("heldBack");
    }

    /** Called by Flink for each row. */
    public void eval(Context context, Row state, Row row, ColumnList dataCol, Integer horizon, Duration every,
            Duration frequency, Object levels, Integer contextWindow, String model, String mode) {
        TimeContext<Long> time = context.timeContext(Long.class);
        LiveSeries series = LiveSeries.of(settings, state.getFieldAs(STATE_SERIES));
        if (series.isHeldBack(time.time())) heldBack.inc();
        series.add(time.time(), call.value(row)).ifPresent(time::registerOnTime);
        state.setField(STATE_SERIES, series.toBytes());
        if (levels == null) return;
        double[] numbers = levels((Object[]) levels);
        // Rejects invalid levels at the first row instead of the first forecast.
        withQuantiles(numbers);
        state.setField(STATE_QUANTILES, numbers);
    }

    private static double[] levels(Object[] numbers) {
        double[] levels = new double[numbers.length];
        for (int i = 0; i < levels.length; i++) {
            if (numbers[i] == null) throw new IllegalArgumentException("quantiles: a level is null");
            levels[i] = ((Number) numbers[i]).doubleValue();
        }
        return levels;
    }

    /** Called by Flink when the watermark passes a time to forecast from. */
    public void onTimer(OnTimerContext context, Row state) {
        byte[] bytes = state.getFieldAs(STATE_SERIES);
        // The state has expired.
        if (bytes == null) return;
        TimeContext<Long> timers = context.timeContext(Long.class);
        LiveSeries series = LiveSeries.of(withQuantiles(state.getFieldAs(STATE_QUANTILES)), bytes);
        if (series.isDue(timers.time())) {
            Optional<StreamForecast> forecast = series.forecast(timers.time(), forecaster);
            forecast.ifPresent(this::collect);
            if (forecast.isEmpty()) withoutForecast.inc();
            state.setField(STATE_SERIES, series.toBytes());
        }
        // After restoring a savepoint with other settings there may be no timer yet.
        series.due(Long.MAX_VALUE).ifPresent(timers::registerOnTime);
    }

    /** The settings with the levels in the state, as a timer has no arguments; a previous query may have left some. */
    private StreamSettings withQuantiles(double[] ofState) {
        double[] levels = call.levels() == null || ofState == null ? new double[0] : ofState;
        if (!Arrays.equals(levels, settings.quantiles())) {
            settings = settings.withQuantiles(levels);
            // Throws if the model has no such quantiles.
            settings.forecaster();
        }
        return settings;
    }

    private void collect(StreamForecast forecast) {
        for (int t = 0; t < forecast.values().length; t++) {
            GenericRowData row = new GenericRowData(call.levels() == null ? 3 : 4);
            row.setField(0, TimestampData.fromEpochMillis(forecast.millis(t)));
            row.setField(1, t + 1);
            row.setField(2, forecast.values()[t]);
            if (call.levels() != null) row.setField(3, quantiles(forecast, t));
            collect(row);
        }
    }

    /** Null if a model has no quantiles for such a short history. */
    private static ArrayData quantiles(StreamForecast forecast, int step) {
        if (forecast.quantiles().length == 0) return null;
        return new GenericArrayData(Arrays.stream(forecast.quantiles()).mapToDouble(level -> level[step]).toArray());
    }
}
