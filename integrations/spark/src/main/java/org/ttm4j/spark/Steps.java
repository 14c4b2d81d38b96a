package org.ttm4j.spark;

import java.util.Arrays;
import java.util.function.IntToLongFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.live.StreamForecast;

/** The forecast of one series as a row with an array for all steps, which Spark makes a row for each step. */
final class Steps {
    private static final ArrayType DOUBLES = DataTypes.createArrayType(DataTypes.DoubleType, false);
    private static final long MICROS = 1000;

    private Steps() {}

    /**
     * The columns: the id; times in microseconds since 1970; a forecast for each; the quantiles of each level, and means, none
     * if the forecast has none; and why there is no forecast, where the arrays are empty.
     */
    static StructType type(StructType id) {
        return new StructType().add("id", id)
                .add("times", DataTypes.createArrayType(DataTypes.LongType, false))
                .add("forecast", DOUBLES)
                .add("quantiles", DataTypes.createArrayType(DOUBLES, false))
                .add("mean", DOUBLES)
                .add("problem", DataTypes.StringType);
    }

    /** The result for a series that cannot be forecast. */
    static Row problem(Row id, String why) {
        return RowFactory.create(id, new long[0], new double[0], new double[0][], new double[0], why);
    }

    /** @param levels the levels of the wanted quantiles */
    static Row of(Row id, TimeSeries series, Forecast made, double[] levels) {
        double[] known = made.quantiles().isPresent() ? levels : new double[0];
        return of(id, made.doubleValues()[0], made.mean().map(mean -> mean[0]).orElse(new double[0]),
                Arrays.stream(known).mapToObj(level -> made.doubleQuantile(level)[0]).toArray(double[][]::new),
                step -> series.axis().instantAt(series.length() + (long) step).toEpochMilli());
    }

    static Row of(Row id, StreamForecast made) {
        return of(id, made.values(), made.mean(), made.quantiles(), made::millis);
    }

    private static Row of(Row id, double[] forecast, double[] mean, double[][] quantiles, IntToLongFunction millis) {
        long[] times = new long[forecast.length];
        Arrays.setAll(times, step -> millis.applyAsLong(step) * MICROS);
        return RowFactory.create(id, times, forecast, quantiles, mean, null);
    }
}
