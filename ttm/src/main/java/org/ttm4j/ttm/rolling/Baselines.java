package org.ttm4j.ttm.rolling;

/**
 * The forecasts every model has to beat. Missing values (NaN) are left out; a step with no value to go by is NaN.
 * Contexts are rows {@code [from, to)} of a series; forecasts fill the whole output array. Stateless.
 */
public final class Baselines {
    private Baselines() {}

    /**
     * The last period of the context, repeated: y[h] = x[to − period + h mod period].
     *
     * @throws IllegalArgumentException if the context does not hold one whole period
     */
    public static void lastPeriod(float[] forecast, float[] series, int from, int to, int period) {
        average(forecast, series, to, period, Math.min(1, periods(from, to, period)));
    }

    /**
     * The mean of the last whole periods that fit into the context: y[h] = mean over k of
     * x[to − k · period + h mod period].
     *
     * @throws IllegalArgumentException if the context does not hold one whole period
     */
    public static void meanPeriod(float[] forecast, float[] series, int from, int to, int period) {
        average(forecast, series, to, period, periods(from, to, period));
    }

    private static int periods(int from, int to, int period) {
        if (period < 1 || to - from < period) {
            throw new IllegalArgumentException("a period of " + period + " steps in a context of " + (to - from));
        }
        return (to - from) / period;
    }

    private static void average(float[] forecast, float[] series, int to, int period, int periods) {
        for (int h = 0; h < forecast.length; h++) {
            if (h >= period) {
                forecast[h] = forecast[h - period];
                continue;
            }
            double sum = 0;
            int count = 0;
            for (int k = 1; k <= periods; k++) {
                float value = series[to - k * period + h];
                if (!Float.isNaN(value)) {
                    sum += value;
                    count++;
                }
            }
            forecast[h] = count == 0 ? Float.NaN : (float) (sum / count);
        }
    }
}
