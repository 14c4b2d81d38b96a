package org.ttm4j.forecast.rolling;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Precision;

/**
 * The forecasts that a model has to beat, as tables and JSON of every command call them. Missing values (NaN) are left
 * out; a step with no value to go by is NaN.
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

    /** Repeats the mean of the last whole period, or of all of them. */
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
                int periods = all ? known / period : 1;
                double[][] values = new double[channels.length][origins.horizon()];
                for (int c = 0; c < channels.length; c++) {
                    double[] of = series[channels[c]];
                    for (int h = 0; h < values[c].length; h++) {
                        values[c][h] = h < period ? mean(of, origin + h, periods) : values[c][h - period];
                    }
                }
                forecasts.add(new RollingForecast(origin, values, known, null));
            }
            return forecasts;
        }

        /** The mean of what came one to so many periods before a step; NaN where all of it is missing. */
        private double mean(double[] of, int step, int periods) {
            return IntStream.rangeClosed(1, periods)
                    .mapToDouble(k -> of[step - k * period])
                    .filter(value -> !Double.isNaN(value))
                    .average()
                    .orElse(Double.NaN);
        }
    }
}
