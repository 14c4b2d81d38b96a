package org.ttm4j.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.live.StreamForecast;

/**
 * The forecast of one series in arrays, which Spark converts to rows. Public only for the code that Spark generates.
 */
public final class Steps implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final long MICROS = 1000;

    private long[] times = {};
    private double[] forecast = {};
    private double[] quantiles = {};
    private double[] mean = {};
    private String problem;

    /** The result for a series that cannot be forecast. */
    static Steps problem(String why) {
        Steps steps = new Steps();
        steps.problem = why;
        return steps;
    }

    /** @param levels the levels of the wanted quantiles, which are NaN if the forecast has none */
    static Steps of(TimeSeries series, Forecast made, double[] levels) {
        double[] known = made.quantiles().isPresent() ? levels : new double[0];
        return of(made.doubleValues()[0], made.mean().map(mean -> mean[0]).orElse(new double[0]),
                Arrays.stream(known).mapToObj(level -> made.doubleQuantile(level)[0]).toArray(double[][]::new),
                levels.length, step -> series.axis().instantAt(series.length() + (long) step).toEpochMilli());
    }

    /** @param levels the number of wanted quantiles, which are NaN if the forecast has none */
    static Steps of(StreamForecast made, int levels) {
        return of(made.values(), made.mean(), made.quantiles(), levels, made::millis);
    }

    private static Steps of(double[] forecast, double[] mean, double[][] quantiles, int levels,
            IntToLongFunction millis) {
        Steps steps = new Steps();
        int horizon = forecast.length;
        steps.forecast = forecast;
        steps.mean = mean;
        steps.times = new long[horizon];
        Arrays.setAll(steps.times, step -> millis.applyAsLong(step) * MICROS);
        steps.quantiles = new double[levels * horizon];
        Arrays.fill(steps.quantiles, Double.NaN);
        for (int i = 0; i < quantiles.length; i++) {
            System.arraycopy(quantiles[i], 0, steps.quantiles, i * horizon, horizon);
        }
        return steps;
    }

    /** The times in microseconds since 1970; empty if there is a problem. */
    public long[] getTimes() {
        return times;
    }

    public void setTimes(long[] micros) {
        times = micros;
    }

    /** A value for each time. */
    public double[] getForecast() {
        return forecast;
    }

    public void setForecast(double[] values) {
        forecast = values;
    }

    /** Level by level, a value for each time. */
    public double[] getQuantiles() {
        return quantiles;
    }

    public void setQuantiles(double[] values) {
        quantiles = values;
    }

    /** The mean at each time; empty if the forecast has none. */
    public double[] getMean() {
        return mean;
    }

    public void setMean(double[] values) {
        mean = values;
    }

    /** Why there is no forecast; otherwise null. */
    public String getProblem() {
        return problem;
    }

    public void setProblem(String why) {
        problem = why;
    }
}
