package org.ttm4j.eval.backtest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

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

    /** Keeps the windows with the smallest or largest errors; those of a channel do not overlap. Not thread-safe. */
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
            for (NotableWindow other : kept) if (overlap(window, other) && order.compare(window, other) >= 0) return;
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
