package org.ttm4j.forecast;

/** What came of one of many requests. Immutable as {@link Forecast} is. */
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
        /** Why it could not be forecast, in words. */
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

    /** The forecast, or the exception that {@link Forecaster#forecast(ForecastRequest)} throws instead. */
    Forecast orElseThrow();
}
