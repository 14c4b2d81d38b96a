package org.ttm4j.eval.backtest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ttm4j.eval.backtest.BacktestResult.NotableWindow;

class NotableWindowTest {
    private static List<Integer> origins(boolean worst, double... errors) {
        NotableWindow.Ranking windows = new NotableWindow.Ranking(3, 10, worst);
        for (int i = 0; i < errors.length; i++) windows.offer(window(0, 4 * i, errors[i]));
        return origins(windows);
    }

    private static List<Integer> origins(NotableWindow.Ranking windows) {
        NotableWindow.Ranking none = new NotableWindow.Ranking(1, 10, false);
        return windows.apartFrom(none, false).stream().map(NotableWindow::origin).toList();
    }

    private static NotableWindow window(int channel, int origin, double mase) {
        return new NotableWindow(channel, origin, mase, new double[10], null, null);
    }

    @Test
    void theMostNotableFirstAndNoTwoThatOverlap() {
        // Origins 0, 4, 8 …: windows of 10 steps overlap with two neighbours on either side.
        assertEquals(List.of(0, 16, 28), origins(true, 9, 8, 8, 1, 7, 6, 6, 5));
        assertEquals(List.of(12, 0, 28), origins(false, 4, 5, 6, 1, 7, 6, 6, 5));
        assertEquals(List.of(8), origins(true, 1, 2, 3, 2));
    }

    @Test
    void ofFewWindowsTheWorstAreNotTheBestToo() {
        NotableWindow.Ranking best = new NotableWindow.Ranking(3, 10, false);
        NotableWindow.Ranking worst = new NotableWindow.Ranking(3, 10, true);
        double[] errors = {4, 1, 3, 2};
        for (int i = 0; i < errors.length; i++) {
            best.offer(window(0, 10 * i, errors[i]));
            worst.offer(window(0, 10 * i, errors[i]));
        }
        assertEquals(List.of(10, 30), best.apartFrom(worst, false).stream().map(NotableWindow::origin).toList());
        assertEquals(List.of(0, 20), worst.apartFrom(best, true).stream().map(NotableWindow::origin).toList());
    }

    @Test
    void channelsDoNotOverlap() {
        NotableWindow.Ranking windows = new NotableWindow.Ranking(2, 10, true);
        windows.offer(window(0, 5, 1));
        windows.offer(window(1, 5, 2));
        windows.offer(window(1, 6, 3));
        assertEquals(List.of(6, 5), origins(windows));
    }
}
