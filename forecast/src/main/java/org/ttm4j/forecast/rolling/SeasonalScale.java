package org.ttm4j.forecast.rolling;

/**
 * What the MASE divides by: the mean absolute error of the seasonal naive forecast over the rows before the first
 * forecast, mean |x[t] − x[t − period]|. Source: Hyndman and Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001, for a
 * period of 1; Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., section 5.8, for others.
 */
public final class SeasonalScale {
    private SeasonalScale() {}

    /**
     * The scale of a series by its rows {@code [from, to)}. Pairs with a missing value are left out.
     *
     * @return NaN where no pair is left or nothing ever changes: such a series has no MASE
     * @throws IllegalArgumentException when the period is below 1
     */
    public static double of(double[] series, int from, int to, int period) {
        if (period < 1) throw new IllegalArgumentException("period " + period + ": expected at least 1");
        double sum = 0;
        long count = 0;
        for (int t = from + period; t < to; t++) {
            double change = Math.abs(series[t] - series[t - period]);
            if (Double.isNaN(change)) continue;
            sum += change;
            count++;
        }
        return sum > 0 ? sum / count : Double.NaN;
    }
}
