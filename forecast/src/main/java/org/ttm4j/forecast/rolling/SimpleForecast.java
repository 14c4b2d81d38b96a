package org.ttm4j.forecast.rolling;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Precision;

/**
 * The forecasts that a model has to beat, as tables and JSON of every command call them. A missing value (NaN) is taken from
 * the period before, or left out of a mean, so that they are measured where the model is; a step with no value to go by in
 * the context is NaN.
 */
public enum SimpleForecast {
    /** The last value, repeated. */
    NAIVE,
    /** The last period, repeated: y[h] = x[origin − period + h mod period]. */
    SEASONAL_NAIVE,
    /** The mean of the last whole periods of the context: y[h] = mean over k of x[origin − k · period + h mod period]. */
    MEAN_PERIOD;

    /** The name in JSON, such as {@code seasonal_naive}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * This forecast of a series. It throws IllegalArgumentException at an origin whose context holds no whole period.
     *
     * @param series channels × time; NaN = missing; not copied
     * @param channels to forecast
     * @param period steps of the season, see {@link Season}
     * @throws IllegalArgumentException when the period is below 1
     */
    public ForecastFunction on(double[][] series, int[] channels, int period) {
        if (period < 1) throw new IllegalArgumentException("period " + period + ": expected at least 1");
        return new Periods(series, channels, this == NAIVE ? 1 : period, this == MEAN_PERIOD);
    }

    /** As {@link #on(double[][], int[], int)}; copied. */
    public ForecastFunction on(float[][] series, int[] channels, int period) {
        return on(Precision.doubles(series), channels, period);
    }

    /** Repeats the last whole period, or the mean of all of them. */
    private record Periods(double[][] series, int[] channels, int period, boolean all) implements ForecastFunction {

        @Override
        public List<RollingForecast> forecast(Origins origins) {
            List<RollingForecast> forecasts = new ArrayList<>();
            for (int i = 0; i < origins.count(); i++) {
                int origin = origins.at(i);
                int known = origins.contextOf(origin).length();
                if (known < period) {
                    throw new IllegalArgumentException("a period of " + period + " steps in a context of " + known);
                }
                double[][] values = new double[channels.length][origins.horizon()];
                for (int c = 0; c < channels.length; c++) {
                    double[] of = series[channels[c]];
                    for (int h = 0; h < values[c].length; h++) {
                        values[c][h] = h < period ? of(of, origin + h, known / period) : values[c][h - period];
                    }
                }
                forecasts.add(new RollingForecast(origin, values, known, null));
            }
            return forecasts;
        }

        /** The last, or the mean, of the values 1 to {@code periods} periods before a step; NaN if all are missing. */
        private double of(double[] series, int step, int periods) {
            DoubleStream seen = IntStream.rangeClosed(1, periods)
                    .mapToDouble(k -> series[step - k * period])
                    .filter(value -> !Double.isNaN(value));
            return (all ? seen.average() : seen.findFirst()).orElse(Double.NaN);
        }
    }
}
