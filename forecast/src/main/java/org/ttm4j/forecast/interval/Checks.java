package org.ttm4j.forecast.interval;

import java.util.Arrays;

/**
 * Checks the arguments of {@link ConformalIntervals} before anything changes; IllegalArgumentException names the place.
 *
 * @param channels exactly
 * @param horizon steps at most
 */
record Checks(int channels, int horizon) {

    static void levels(double[] levels) {
        if (levels.length == 0) throw new IllegalArgumentException("no level: expected at least one, such as 0.9");
        for (int i = 0; i < levels.length; i++) {
            if (!(levels[i] > 0 && levels[i] < 1) || i > 0 && levels[i] <= levels[i - 1]) {
                throw new IllegalArgumentException("levels " + Arrays.toString(levels)
                        + ": expected strictly ascending numbers between 0 and 1, such as 0.1, 0.5, 0.9");
            }
        }
    }

    static void sameLevels(double[] expected, double[] issued) {
        if (!Arrays.equals(expected, issued)) {
            throw new IllegalArgumentException("the forecast was issued with the levels " + Arrays.toString(issued)
                    + ": expected " + Arrays.toString(expected));
        }
    }

    void forecast(double[][] forecast, float[] scales) {
        if (forecast.length != channels || scales.length != channels) {
            throw new IllegalArgumentException("the forecast has " + forecast.length + " channels, scales "
                    + scales.length + ": expected " + channels);
        }
        for (int c = 0; c < channels; c++) {
            int steps = forecast[c].length;
            if (steps < 1 || steps > horizon || steps != forecast[0].length) {
                throw new IllegalArgumentException("forecast[" + c + "] has " + steps + " steps: expected 1 to "
                        + horizon + ", the same in all channels");
            }
            for (int h = 0; h < steps; h++) {
                if (!Float.isFinite((float) forecast[c][h])) {
                    throw new IllegalArgumentException(
                            "forecast[" + c + "][" + h + "] is " + forecast[c][h] + ": expected a finite number");
                }
            }
            if (!(scales[c] >= 0) || scales[c] == Float.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("scales[" + c + "] is " + scales[c] + ": expected 0 or more");
            }
        }
    }

    void truth(double[][] forecast, double[][] truth) {
        if (truth.length != channels) {
            throw new IllegalArgumentException("truth has " + truth.length + " channels: expected " + channels);
        }
        for (int c = 0; c < channels; c++) {
            if (truth[c].length != forecast[c].length) {
                throw new IllegalArgumentException("truth[" + c + "] has " + truth[c].length + " steps: expected "
                        + forecast[c].length + ", as the forecast");
            }
            for (int h = 0; h < truth[c].length; h++) {
                if (Double.isInfinite(truth[c][h])) {
                    throw new IllegalArgumentException("truth[" + c + "][" + h + "] is infinite; missing is NaN");
                }
            }
        }
    }
}
