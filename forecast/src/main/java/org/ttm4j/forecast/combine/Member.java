package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * One way to forecast a single series. Histories are in time order and original units, NaN = missing, with at least one
 * value observed. Stateless and thread-safe.
 */
public interface Member {
    /** Steps of a transformed history that the model is given: more cost more, and gained nothing where it was measured. */
    int RECENT = 512;

    /** The end of a history, {@link #RECENT} steps at most. */
    static double[] recent(double[] history) {
        return Arrays.copyOfRange(history, Math.max(0, history.length - RECENT), history.length);
    }

    /** A name for the user, such as {@code weekly differences}. */
    String name();

    /**
     * Prepares the forecast of {@code horizon} steps after a history; empty where the history, or the part of it that
     * the member looks at, is too short or not observed. One whose model would see nothing is left out by the combination.
     *
     * @param parts the line and the shortest season of the history, for all members that carry them on
     */
    Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon);

    /**
     * A forecast, or what the model has to forecast first.
     *
     * @param modelInput a history for the model; null for a forecast that needs none
     * @param finish makes the forecast from the model's ({@code horizon} steps), or from null without model input
     */
    record Attempt(double[] modelInput, UnaryOperator<double[]> finish) {
        static Optional<Attempt> of(double[] forecast) {
            return Optional.of(new Attempt(null, none -> forecast));
        }

        /** A forecast by its steps, from 0. */
        static Optional<Attempt> of(int horizon, IntToDoubleFunction step) {
            return of(IntStream.range(0, horizon).mapToDouble(step).toArray());
        }

        static Optional<Attempt> ofModel(double[] input, UnaryOperator<double[]> finish) {
            return Optional.of(new Attempt(input, finish));
        }
    }
}
