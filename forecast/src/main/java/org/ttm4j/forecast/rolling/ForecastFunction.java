package org.ttm4j.forecast.rolling;

import java.util.List;
import org.ttm4j.ttm.series.Origins;

/**
 * A method that forecasts one series from any of its rows: a model ({@code org.ttm4j.forecast.PastForecasts}), a
 * {@linkplain SimpleForecast simple forecast}, or anything else that is to be measured like them. Implementations are
 * thread-safe; a forecast depends on nothing but the rows before its origin and what is known of the future.
 */
public interface ForecastFunction {

    /** The channels of the series that are forecast, in the order of the forecasts' rows. */
    int[] channels();

    /**
     * The forecasts from each origin, in their order, each made from at most {@link Origins#context} rows before it.
     *
     * @throws IllegalArgumentException when the method cannot forecast from an origin
     */
    List<RollingForecast> forecast(Origins origins);

    /** How many origins {@link RollingForecasts} may ask for at a time: enough to be quick, few enough to fit in memory. */
    default int originsAtATime() {
        return 128;
    }
}
