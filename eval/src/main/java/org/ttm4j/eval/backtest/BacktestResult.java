package org.ttm4j.eval.backtest;

import java.util.List;
import java.util.Map;
import org.ttm4j.forecast.rolling.ForecastErrors;
import org.ttm4j.forecast.rolling.SimpleForecast;

/**
 * What a backtest found. Channels are counted among the forecast channels.
 *
 * @param plan what was done
 * @param channels the forecast channels' indices in the series
 * @param model the errors of the model, and of its quantiles over the windows that had some
 * @param withoutDrivers the errors of the combination without what is known of the future; null where nothing is
 * @param simple the errors of the simple forecasts
 * @param ownQuantiles true if the intervals are those that the forecasts came with, and not calibrated on the windows before
 * @param calibrated windows that had intervals in at least one channel
 * @param best the windows with the smallest MASE, smallest first
 * @param worst the windows with the largest MASE, largest first
 * @param models the names of the models that were chosen among several; empty where there is one
 * @param fits how often the model was fine-tuned
 * @param seconds that the forecasts and all of the measuring took
 */
public record BacktestResult(BacktestPlan plan, int[] channels, ForecastErrors model, ForecastErrors withoutDrivers,
        Map<SimpleForecast, ForecastErrors> simple, boolean ownQuantiles, int calibrated, List<NotableWindow> best,
        List<NotableWindow> worst, List<String> models, int fits, double seconds) {

    /** Windows a second. */
    public double rate() {
        return plan.origins().count() / seconds;
    }
}
