package org.ttm4j.forecast.combine;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A place in a history to forecast from, as if the rest were unknown.
 *
 * @param end steps that are known
 * @param steps to forecast
 */
record Origin(int end, int steps) {
    /** Below this a history is short: windows overlap and are shorter than the horizon. */
    private static final int LONG = 300;
    private static final int FEWEST_KNOWN = 8;

    static boolean isShort(int history) {
        return history < LONG;
    }

    /** Truth − forecast; empty without a forecast. */
    double[] residuals(double[] history, double[] forecast) {
        double[] residuals = new double[forecast == null ? 0 : forecast.length];
        for (int h = 0; h < residuals.length; h++) residuals[h] = history[end + h] - forecast[h];
        return residuals;
    }

    /** Steps that are forecast from one of these origins or more, which are those to the end of the history. */
    static int measured(List<Origin> origins) {
        if (origins.isEmpty()) return 0;
        return origins.get(0).end() + origins.get(0).steps() - origins.get(origins.size() - 1).end();
    }

    /** How many windows without overlap the measured steps make; empty where the windows of these origins do not overlap. */
    static OptionalDouble independentWindows(List<Origin> origins) {
        if (origins.isEmpty()) return OptionalDouble.empty();
        double windows = (double) measured(origins) / origins.get(0).steps();
        return windows < origins.size() ? OptionalDouble.of(windows) : OptionalDouble.empty();
    }

    /**
     * Origins for a backtest, the latest first. In a long history each forecast is as long as the horizon and they do not
     * overlap; in a short one, as many steps as possible stay known, at least a season and a half where there are as many,
     * and the windows are shorter and overlap.
     *
     * @param begin of the history
     * @param end of the history
     * @param season steps of the shortest season; 1 for none
     * @param longest steps of the longest season
     * @param most origins
     */
    static List<Origin> of(int begin, int end, int horizon, int season, int longest, int most) {
        int length = end - begin;
        int known = Math.min(length - 1, Math.max(FEWEST_KNOWN, season + Math.max(1, season / 2) + 2));
        if (2 * longest < length / 2) known = Math.max(known, 2 * longest);
        List<Origin> origins = new ArrayList<>();
        if (!isShort(length) && length - 3 * horizon >= known) {
            for (int k = 1; k <= most && length - k * horizon >= known; k++) {
                origins.add(new Origin(end - k * horizon, horizon));
            }
            return origins;
        }
        if (length - FEWEST_KNOWN / 2 < known) known = Math.max(2, Math.min(season + 1, length - 3));
        int room = length - known;
        if (room < 1) return origins;
        int steps = Math.clamp((2L * room + 2) / 3, 1, horizon);
        int stride = Math.clamp(Math.ceilDiv(room - steps, Math.max(1, most - 1)), 1, steps);
        for (int at = end - steps; at - begin >= known && origins.size() < most; at -= stride) {
            origins.add(new Origin(at, steps));
        }
        return origins;
    }
}
