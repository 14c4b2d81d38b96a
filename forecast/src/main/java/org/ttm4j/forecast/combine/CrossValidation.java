package org.ttm4j.forecast.combine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.forecast.rolling.RollingForecast;

/**
 * The forecasts of a combination from earlier origins, with their errors.
 *
 * @param windows by origin, the latest first
 * @param modelShare the weight of the model itself
 * @param difference mean absolute seasonal difference of the history
 * @param season steps; 1 for none
 * @param lower least value of the forecasts
 */
public record CrossValidation(List<Window> windows, double modelShare, double difference, int season, double lower) {

    /**
     * A forecast from an earlier origin.
     *
     * @param forecast with the weights that the other origins give; null where there is none
     * @param residuals truth − forecast; NaN = unknown; empty where there is no forecast
     * @param size how large errors are there, where those after the history are 1
     * @param ofModel the model's own quantiles there, if it has any
     */
    record Window(Origin origin, double[] forecast, double[] residuals, double size, Optional<Quantiles> ofModel) {

        /** With something added to the forecast, if there is one. */
        Window corrected(Function<Window, double[]> added, double[] history, double least) {
            if (forecast == null) return this;
            double[] corrected = added.apply(this);
            for (int h = 0; h < corrected.length; h++) corrected[h] = Math.max(least, forecast[h] + corrected[h]);
            return new Window(origin, corrected, origin.residuals(history, corrected), size, ofModel);
        }

        int end() {
            return origin.end();
        }

        /** The step after the last that was forecast. */
        int to() {
            return origin.end() + residuals.length;
        }
    }

    /**
     * How many earlier origins a history of so many steps has at most. A short history has more of them, whose windows
     * overlap. More gain less than a hundredth: docs/measurements/combination.md.
     */
    public static int mostOrigins(int history) {
        return Origin.isShort(history) ? 9 : 6;
    }

    /** The forecasts that were measured. */
    public List<Window> measured() {
        return windows.stream().filter(window -> Combination.observed(window.residuals) > 0).toList();
    }

    /** The expected absolute error of each step after the history. */
    double[] absoluteErrors(int horizon) {
        return Spread.absoluteErrors(scaled(1, null), difference, season, horizon);
    }

    /** The residuals as they would be where errors are so many times those after the history, but those of one window. */
    private List<double[]> scaled(double size, Window left) {
        return windows.stream()
                .filter(window -> window != left)
                .map(window -> Arrays.stream(window.residuals).map(residual -> residual * size / window.size).toArray())
                .toList();
    }

    /** The mean absolute error over all origins; NaN where nothing was measured. */
    double meanAbsolute() {
        return Weights.mean(
                windows.stream().flatMapToDouble(window -> Arrays.stream(window.residuals)).map(Math::abs).toArray());
    }

    /**
     * The same with something added to each forecast.
     *
     * @param added to a forecast, as long as that; an array of its own
     * @param history what came
     */
    CrossValidation corrected(Function<Window, double[]> added, double[] history, double least) {
        double ofPast = Combination.leastOfPast(history, least);
        return new CrossValidation(windows.stream().map(window -> window.corrected(added, history, ofPast)).toList(),
                modelShare, difference, season, least);
    }

    /** The forecasts with quantiles of these levels, each from the errors at the other origins. */
    public List<RollingForecast> forecasts(double[] levels) {
        List<RollingForecast> made = new ArrayList<>();
        for (Window window : windows) {
            double[] forecast = window.forecast;
            if (forecast == null) continue;
            List<double[]> others = scaled(window.size, window);
            double[] errors = Spread.absoluteErrors(others, difference, season, forecast.length);
            Quantiles quantiles = new Spread(errors, window.ofModel, this, others.size()).quantiles(forecast, levels);
            made.add(new RollingForecast(window.end(), new double[][]{forecast}, window.end(), null, quantiles));
        }
        return made;
    }

    /**
     * A place in a history to forecast from, as if the rest were unknown.
     *
     * @param end steps that are known
     * @param steps to forecast
     */
    record Origin(int end, int steps) {
        /** Shorter histories have overlapping windows that are shorter than the horizon. */
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
}
