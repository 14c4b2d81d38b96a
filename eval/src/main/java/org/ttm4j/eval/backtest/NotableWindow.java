package org.ttm4j.eval.backtest;

/**
 * A forecast with an especially small or large error.
 *
 * @param channel the index among the forecast channels
 * @param origin the row of the first step
 * @param mase the mean absolute error divided by the channel's scale
 * @param forecast one value for each step
 * @param lower for each level the lower bound at each step; null if there were no intervals yet
 * @param upper the upper bounds, in the same form
 */
public record NotableWindow(int channel, int origin, double mase, double[] forecast, double[][] lower,
        double[][] upper) {}
