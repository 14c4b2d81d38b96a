package org.ttm4j.eval.backtest;

import java.util.Locale;

/** The forecasts that a model has to beat, as tables and JSON of every command call them. */
public enum SimpleForecast {
    /** The last value, repeated. */
    NAIVE,
    /** The last period, repeated. */
    SEASONAL_NAIVE,
    /** The mean of the whole periods of the history, see {@link BacktestPlan#history}. */
    MEAN_PERIOD;

    /** The name in JSON, such as {@code seasonal_naive}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
