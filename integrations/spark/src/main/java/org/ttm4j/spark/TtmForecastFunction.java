package org.ttm4j.spark;

import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.live.SharedForecasters;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The SQL function {@code ttm_forecast(series, horizon)}: {@code series} is an array of structs of a timestamp and a
 * number, in any order, and the result one of structs of {@code forecast_timestamp}, {@code step} and {@code forecast}.
 * The horizon is a TINYINT to BIGINT, 1 or more; NULL is the usual at this frequency.
 *
 * <pre>{@code
 * SELECT meter, inline(ttm_forecast(collect_list(struct(time, double(load))), 24)) FROM readings GROUP BY meter
 * }</pre>
 *
 * <p>From Python: {@code spark.udf.registerJavaFunction("ttm_forecast", "org.ttm4j.spark.TtmForecastFunction",
 * "array<struct<forecast_timestamp:timestamp,step:int,forecast:double>>")}, or the setting that {@link TtmExtensions}
 * names. Each call forecasts one series as {@code ttm forecast} does; {@link TtmForecast}, which forecasts hundreds
 * together, is faster. Thread-safe.
 */
public final class TtmForecastFunction implements UDF2<Object, Object, List<Row>> {
    private static final long serialVersionUID = 1L;

    static final org.apache.spark.sql.types.DataType TYPE = DataTypes
            .createArrayType(new StructType().add("forecast_timestamp", DataTypes.TimestampType)
                    .add("step", DataTypes.IntegerType)
                    .add("forecast", DataTypes.DoubleType));

    /**
     * Forecasts a series. Spark does not cast the arguments of a Java function; they have the types of the query.
     *
     * @throws IllegalArgumentException when an argument has another type or value, or the series cannot be forecast,
     *     which fails the query; the message says why
     */
    @Override
    public List<Row> call(Object series, Object horizon) {
        if (series == null) return null;
        if (!(series instanceof Seq<?> rows)) throw unexpected(series);
        ForecastSpec spec = new ForecastSpec(steps(horizon), new double[0], null, SharedForecasters.DEFAULT,
                ForecastMode.BALANCED, SQLConf.get().sessionLocalTimeZone());
        try {
            TimeSeries read = points(CollectionConverters.asJava(rows)).series(spec.builder());
            return rows(read, spec.forecaster().forecast(spec.request(read)));
        } catch (DataException e) {
            throw new IllegalArgumentException("ttm_forecast: " + e.getMessage(), e);
        }
    }

    /** The horizon; 0 for that of the model. */
    private static int steps(Object horizon) {
        return switch (horizon) {
            case null -> 0;
            case Byte steps when steps > 0 -> steps;
            case Short steps when steps > 0 -> steps;
            case Integer steps when steps > 0 -> steps;
            case Long steps when steps > 0 -> (int) Math.min(steps, Integer.MAX_VALUE);
            default ->
                throw new IllegalArgumentException("ttm_forecast: horizon: expected a whole number of steps, 1 or "
                        + "more, found " + horizon.getClass().getSimpleName() + " " + horizon);
        };
    }

    private static Points points(List<?> rows) {
        Points points = new Points();
        points.setTimes(new long[rows.size()]);
        points.setValues(new double[rows.size()]);
        for (int i = 0; i < rows.size(); i++) {
            if (!(rows.get(i) instanceof Row row) || row.size() != 2) throw unexpected(rows.get(i));
            points.getTimes()[i] = row.isNullAt(0) ? Points.NO_TIME : micros(row.get(0));
            points.getValues()[i] = row.isNullAt(1) ? Double.NaN : number(row.get(1));
        }
        return points;
    }

    private static long micros(Object time) {
        if (time instanceof Timestamp timestamp) return micros(timestamp.toInstant());
        if (time instanceof Instant instant) return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
        throw unexpected(time);
    }

    private static double number(Object value) {
        if (value instanceof Number number) return number.doubleValue();
        throw unexpected(value);
    }

    private static IllegalArgumentException unexpected(Object found) {
        return new IllegalArgumentException(
                "ttm_forecast: expected an array of structs of a timestamp and a number, found "
                        + (found == null ? "NULL" : found.getClass().getSimpleName() + " " + found));
    }

    private static List<Row> rows(TimeSeries series, Forecast forecast) {
        List<Row> rows = new ArrayList<>();
        for (int step = 0; step < forecast.horizon(); step++) {
            Instant time = series.axis().instantAt(series.length() + (long) step);
            // The class that Spark uses for a timestamp depends on a setting; it accepts this one in either case.
            rows.add(RowFactory.create(Timestamp.from(time), step + 1, forecast.value(0, step)));
        }
        return rows;
    }
}
