package org.ttm4j.eval.backtest;

/**
 * A forecast worth a look.
 *
 * @param channel its index among the forecast channels
 * @param origin the row that the first step falls on
 * @param mase mean absolute error by the channel's scale
 * @param forecast one value a step
 * @param lower for each level the lower end at each step; null where there were no intervals yet
 * @param upper likewise the upper end
 */
public record NotableWindow(int channel, int origin, double mase, double[] forecast, double[][] lower,
        double[][] upper) {}
