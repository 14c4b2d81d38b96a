package org.ttm4j.flink;

import static org.apache.flink.table.annotation.ArgumentTrait.REQUIRE_ON_TIME;
import static org.apache.flink.table.annotation.ArgumentTrait.SET_SEMANTIC_TABLE;

import java.time.Duration;
import java.time.Instant;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.ColumnList;
import org.apache.flink.types.Row;

/** What Flink itself takes for the rows, the state and the timers of a forecast: repeats the last value. */
@DataTypeHint("ROW<forecast_timestamp TIMESTAMP_LTZ(3), step INT, forecast DOUBLE>")
public class FloorFunction extends ProcessTableFunction<Row> {
    private static final long serialVersionUID = 1;
    private static final int STATE = 33 + 4 * 512;
    private static final int HORIZON = 24;

    /** Called by Flink. */
    public void eval(Context context, @StateHint(type = @DataTypeHint("ROW<series BYTES, v DOUBLE>")) Row state,
            @ArgumentHint({SET_SEMANTIC_TABLE, REQUIRE_ON_TIME}) Row series,
            @ArgumentHint(name = "data_col") ColumnList dataCol, Integer horizon, Duration every, Duration frequency,
            String mode) {
        TimeContext<Long> time = context.timeContext(Long.class);
        byte[] last = state.getFieldAs(0);
        byte[] next = last == null ? new byte[STATE] : last.clone();
        next[(int) (time.time() / Readings.HOUR % STATE)]++;
        state.setField(0, next);
        Number value = series.getFieldAs(1);
        state.setField(1, value == null ? 0 : value.doubleValue());
        time.registerOnTime(Math.ceilDiv(time.time(), every.toMillis()) * every.toMillis());
    }

    /** Called by Flink. */
    public void onTimer(OnTimerContext context, Row state) {
        long time = context.timeContext(Long.class).time();
        for (int t = 0; t < HORIZON; t++) {
            collect(Row.of(Instant.ofEpochMilli(time + (t + 1) * Readings.HOUR), t + 1, state.getField(1)));
        }
    }
}
