package org.ttm4j.eval.backtest;

import java.util.List;
import java.util.Map;
import org.ttm4j.forecast.rolling.ForecastErrors;
import org.ttm4j.forecast.rolling.SimpleForecast;

/**
 * The result of a backtest. Channels are numbered among the forecast channels.
 *
 * @param channels the forecast channels' indices in the series
 * @param model the errors of the model, and of its quantiles over the windows that have quantiles
 * @param withoutDrivers the errors of the combination without known future values; null if there are none
 * @param ownQuantiles true if the intervals are those of the forecasts, false if they are calibrated on the previous
 *     windows
 * @param calibrated the number of windows with intervals in at least one channel
 * @param best the windows with the smallest MASE, smallest first; of a channel, they do not overlap with each other or the worst
 * @param worst the windows with the largest MASE, largest first
 * @param models the names of the models that were chosen from several; empty if there is only one
 * @param context the most rows before an origin that a forecast looked at
 * @param fits the number of times that the model was fine-tuned
 * @param seconds the time for forecasts and measurement
 */
public record BacktestResult(BacktestPlan plan, int[] channels, ForecastErrors model, ForecastErrors withoutDrivers,
        Map<SimpleForecast, ForecastErrors> simple, boolean ownQuantiles, int calibrated, List<NotableWindow> best,
        List<NotableWindow> worst, List<String> models, int context, int fits, double seconds) {

    /** Windows per second. */
    public double rate() {
        return plan.origins().count() / seconds;
    }
}
