package org.ttm4j.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.ExpiredTimerInfo;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.streaming.StatefulProcessor;
import org.apache.spark.sql.streaming.TTLConfig;
import org.apache.spark.sql.streaming.TimeMode;
import org.apache.spark.sql.streaming.TimerValues;
import org.apache.spark.sql.streaming.ValueState;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.LiveSeries;
import org.ttm4j.forecast.live.StreamSettings;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Forecasts the series of a stream. The state of a series is its last values; a forecast is made when the watermark
 * passes an origin. {@link TtmForecast} selects the input rows from a stream; the resulting rows are {@link Steps}.
 */
final class ForecastProcessor extends StatefulProcessor<Row, Row, Row> {
    private static final long serialVersionUID = 1L;
    /** Columns of the input rows. */
    static final String ID = "id";
    static final String MICROS = "micros";
    static final String VALUE = "value";
    private static final long MICROS_OF_MILLI = 1000;

    private final StreamSettings settings;
    private transient Forecaster forecaster;
    private transient ValueState<byte[]> state;

    ForecastProcessor(StreamSettings settings) {
        this.settings = settings;
    }

    @Override
    public void init(OutputMode outputMode, TimeMode timeMode) {
        forecaster = settings.forecaster();
        // Spark has no time to live in event time.
        state = getHandle().getValueState("series", Encoders.BINARY(), TTLConfig.NONE());
    }

    private LiveSeries series() {
        return LiveSeries.of(settings, state.exists() ? state.get() : null);
    }

    @Override
    public Iterator<Row> handleInputRows(Row id, Iterator<Row> rows, TimerValues now) {
        LiveSeries series = series();
        OptionalLong before = series.due(Long.MAX_VALUE);
        // Spark gives the rows of a batch in any order, in which values far ahead of others would be held back or lost.
        SortedMap<Long, Double> values = new TreeMap<>();
        while (rows.hasNext()) {
            Row row = rows.next();
            if (row.isNullAt(row.fieldIndex(MICROS)) || row.isNullAt(row.fieldIndex(VALUE))) continue;
            double value = row.<Double>getAs(VALUE);
            // Rounded up, because a value belongs to the first step at or after its time.
            long millis = Math.ceilDiv(row.<Long>getAs(MICROS), MICROS_OF_MILLI);
            if (Float.isFinite((float) value)) values.merge(millis, value, Math::max);
        }
        values.forEach(series::add);
        state.update(series.toBytes());
        OptionalLong due = series.due(Long.MAX_VALUE);
        if (!due.equals(before)) {
            before.ifPresent(getHandle()::deleteTimer);
            due.ifPresent(getHandle()::registerTimer);
        }
        return CollectionConverters.asScala(List.<Row>of().iterator());
    }

    /** A series has one timer, for its next origin; after a restart with other settings there may be an older one. */
    @Override
    public Iterator<Row> handleExpiredTimer(Row id, TimerValues now, ExpiredTimerInfo timer) {
        List<Row> made = new ArrayList<>();
        LiveSeries series = series();
        OptionalLong due = series.due(now.getCurrentWatermarkInMs());
        while (due.isPresent()) {
            series.forecast(due.getAsLong(), forecaster).ifPresent(forecast -> made.add(Steps.of(id, forecast)));
            due = series.due(now.getCurrentWatermarkInMs());
        }
        state.update(series.toBytes());
        series.due(Long.MAX_VALUE).ifPresent(getHandle()::registerTimer);
        return CollectionConverters.asScala(made.iterator());
    }
}
