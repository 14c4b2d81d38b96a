package org.ttm4j.eval.backtest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
            double[][] upper) {

        /**
         * Keeps the windows with the smallest or largest errors; those of a channel do not overlap. Not thread-safe.
         */
        static final class Ranking {
            private final int most;
            private final int horizon;
            private final Comparator<NotableWindow> order;
            private final List<NotableWindow> kept = new ArrayList<>();

            /**
             * @param most the number of windows to keep
             * @param worst true to keep the largest errors, false to keep the smallest
             */
            Ranking(int most, int horizon, boolean worst) {
                this.most = most;
                this.horizon = horizon;
                Comparator<NotableWindow> ascending = Comparator.comparingDouble(NotableWindow::mase);
                order = worst ? ascending.reversed() : ascending;
            }

            /** Keeps a window if it is notable enough and more notable than all that it overlaps with. */
            void offer(NotableWindow window) {
                if (kept.size() == most && order.compare(window, kept.get(most - 1)) >= 0) return;
                for (NotableWindow other : kept) {
                    if (overlap(window, other) && order.compare(window, other) >= 0) return;
                }
                kept.removeIf(other -> overlap(window, other));
                kept.add(window);
                kept.sort(order);
                if (kept.size() > most) kept.remove(most);
            }

            /**
             * These without those that overlap with others of a higher rank.
             *
             * @param first whether these come first where ranks are equal
             */
            List<NotableWindow> apartFrom(Ranking others, boolean first) {
                return IntStream.range(0, kept.size()).filter(i -> {
                    for (int j = 0; j < others.kept.size(); j++) {
                        if (overlap(kept.get(i), others.kept.get(j)) && (first ? j < i : j <= i)) return false;
                    }
                    return true;
                }).mapToObj(kept::get).toList();
            }

            private boolean overlap(NotableWindow a, NotableWindow b) {
                return a.channel() == b.channel() && Math.abs(a.origin() - b.origin()) < horizon;
            }
        }
    }
}
