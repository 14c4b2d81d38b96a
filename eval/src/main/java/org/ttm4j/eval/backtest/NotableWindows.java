package org.ttm4j.eval.backtest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The windows with the smallest or the largest error, of which no two of one channel overlap: neighbours look alike.
 * Holds a handful however many it is offered. Not thread-safe.
 */
final class NotableWindows {
    private final int most;
    private final int horizon;
    private final Comparator<NotableWindow> order;
    private final List<NotableWindow> kept = new ArrayList<>();

    /**
     * @param most windows to keep
     * @param worst true if large errors come first
     */
    NotableWindows(int most, int horizon, boolean worst) {
        this.most = most;
        this.horizon = horizon;
        Comparator<NotableWindow> ascending = Comparator.comparingDouble(NotableWindow::mase);
        order = worst ? ascending.reversed() : ascending;
    }

    /** Keeps a window if it belongs here and comes before all it overlaps with. */
    void offer(NotableWindow window) {
        if (kept.size() == most && order.compare(window, kept.get(most - 1)) >= 0) return;
        for (NotableWindow other : kept) if (overlap(window, other) && order.compare(window, other) >= 0) return;
        kept.removeIf(other -> overlap(window, other));
        kept.add(window);
        kept.sort(order);
        if (kept.size() > most) kept.remove(most);
    }

    private boolean overlap(NotableWindow a, NotableWindow b) {
        return a.channel() == b.channel() && Math.abs(a.origin() - b.origin()) < horizon;
    }

    /** The windows, the most notable first. */
    List<NotableWindow> list() {
        return List.copyOf(kept);
    }
}
