package org.ttm4j.forecast;

import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;

/** The result of one of many requests. Immutable as {@link Forecast} is. */
public sealed interface ForecastResult {
    /** A request that was forecast. */
    record Success(Forecast forecast) implements ForecastResult {
        @Override
        public Forecast orElseThrow() {
            return forecast;
        }
    }

    /**
     * A request that could not be forecast.
     *
     * @param index of the request in the list that was given
     * @param cause what {@link Forecaster#forecast(ForecastRequest)} throws for it
     */
    record Failure(int index, RuntimeException cause) implements ForecastResult {
        /** The reason in words. */
        public String reason() {
            return cause.getMessage() == null ? cause.toString() : cause.getMessage();
        }

        @Override
        public Forecast orElseThrow() {
            throw cause;
        }

        @Override
        public String toString() {
            return "request " + index + ": " + reason();
        }
    }

    /** Throws the cause if it is a cancellation, which says nothing about the request. */
    default void requireNotCancelled() {
        if (this instanceof Failure failure && failure.cause() instanceof CancellationException) throw failure.cause();
    }

    /** This result with a changed forecast and another index; an exception of the change becomes the failure. */
    default ForecastResult map(int index, UnaryOperator<Forecast> with) {
        if (this instanceof Failure failure) return new Failure(index, failure.cause());
        try {
            return new Success(with.apply(orElseThrow()));
        } catch (IllegalArgumentException wrong) {
            return new Failure(index, wrong);
        }
    }

    /** The forecast, or the exception that {@link Forecaster#forecast(ForecastRequest)} throws instead. */
    Forecast orElseThrow();
}
