package org.ttm4j.serve.model;

import java.util.Map;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.WarmedUp;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Problem;

/**
 * A model that is loaded, in its modes. Immutable and thread-safe.
 *
 * @param name under which it is served
 * @param modes the forecaster of each
 * @param kernels that it runs on
 */
public record ServedModel(String name, Map<ForecastMode, Forecaster> modes, String kernels) {
    /**
     * The mode that a request names.
     *
     * @param pointer where the request names it
     * @throws Problem when there is none
     */
    public static ForecastMode mode(String name, String pointer) {
        try {
            return ForecastMode.of(name);
        } catch (IllegalArgumentException unknown) {
            throw new Problem(Problem.Type.INVALID_VALUE, "expected the mode " + ForecastMode.NAMES, pointer);
        }
    }

    /** The mode that a query names; balanced where it names none. */
    public static ForecastMode mode(Exchange exchange) {
        return mode(exchange.query("mode", ForecastMode.BALANCED.toString()), null);
    }

    /** Forecasts until the time of a forecast is steady. */
    static ServedModel warm(String name, Forecaster forecaster) {
        WarmedUp warm = forecaster.warmUp();
        return new ServedModel(name,
                Map.of(ForecastMode.FAST, forecaster.in(ForecastMode.FAST), ForecastMode.BALANCED,
                        forecaster.in(ForecastMode.BALANCED), ForecastMode.BEST, forecaster.in(ForecastMode.BEST)),
                warm.kernels());
    }

    /** The forecaster of a mode. */
    public Forecaster in(ForecastMode mode) {
        return modes.get(mode);
    }
}
