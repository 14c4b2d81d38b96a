package org.ttm4j.spark;

import java.io.Serializable;
import java.util.Arrays;
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
        Steps steps = new Steps();
        int horizon = made.horizon();
        steps.forecast = made.doubleValues()[0];
        steps.mean = made.mean().map(mean -> mean[0]).orElse(new double[0]);
        steps.times = new long[horizon];
        for (int step = 0; step < horizon; step++) {
            steps.times[step] = series.axis().instantAt(series.length() + (long) step).toEpochMilli() * MICROS;
        }
        steps.quantiles = new double[levels.length * horizon];
        Arrays.fill(steps.quantiles, Double.NaN);
        for (int i = 0; i < levels.length && made.quantiles().isPresent(); i++) {
            System.arraycopy(made.doubleQuantile(levels[i])[0], 0, steps.quantiles, i * horizon, horizon);
        }
        return steps;
    }

    /** @param levels the number of wanted quantiles, which are NaN if the forecast has none */
    static Steps of(StreamForecast made, int levels) {
        Steps steps = new Steps();
        int horizon = made.values().length;
        steps.forecast = made.values();
        steps.mean = made.mean();
        steps.times = new long[horizon];
        steps.quantiles = new double[levels * horizon];
        Arrays.fill(steps.quantiles, Double.NaN);
        for (int step = 0; step < horizon; step++) {
            steps.times[step] = made.millis(step) * MICROS;
            for (int i = 0; i < made.quantiles().length; i++) {
                steps.quantiles[i * horizon + step] = made.quantiles()[i][step];
            }
        }
        return steps;
    }

    /** The times in microseconds since 1970; empty if there is a problem. */
    public long[] getTimes() {
        return times;
    }

    /** Set by Spark. */
    public void setTimes(long[] micros) {
        times = micros;
    }

    /** A value for each time. */
    public double[] getForecast() {
        return forecast;
    }

    /** Set by Spark. */
    public void setForecast(double[] values) {
        forecast = values;
    }

    /** Level by level, a value for each time. */
    public double[] getQuantiles() {
        return quantiles;
    }

    /** Set by Spark. */
    public void setQuantiles(double[] values) {
        quantiles = values;
    }

    /** The mean at each time; empty if the forecast has none. */
    public double[] getMean() {
        return mean;
    }

    /** Set by Spark. */
    public void setMean(double[] values) {
        mean = values;
    }

    /** Why there is no forecast; otherwise null. */
    public String getProblem() {
        return problem;
    }

    /** Set by Spark. */
    public void setProblem(String why) {
        problem = why;
    }
}
