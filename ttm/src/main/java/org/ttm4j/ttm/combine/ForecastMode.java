package org.ttm4j.ttm.combine;

import java.util.Locale;
import org.ttm4j.ttm.Forecaster;

/**
 * How much work a forecast takes, by the name that users give: the command line, the service, and the engines that the
 * library runs in.
 *
 * <pre>{@code
 * Forecaster forecaster = ForecastMode.of("balanced").around(Forecaster.bundled());
 * }</pre>
 */
public enum ForecastMode {
    /** The model alone. */
    FAST,
    /** The combination around the model. */
    BALANCED,
    /** The same, measured on more of the past. */
    BEST;

    /** The names, for messages. */
    public static final String NAMES = "fast, balanced or best";

    /**
     * The mode of a name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static ForecastMode of(String name) {
        for (ForecastMode mode : values()) if (mode.toString().equals(name)) return mode;
        throw new IllegalArgumentException("mode " + name + ": expected " + NAMES);
    }

    /** The forecaster of this mode; one that was calibrated, or that a combination does not suit, stays as it is. */
    public Forecaster around(Forecaster model) {
        if (this == FAST || model.intervals().isPresent() || !CombinedForecaster.suits(model)) return model;
        return CombinedForecaster.of(model,
                this == BEST ? CombinedForecaster.Mode.BEST : CombinedForecaster.Mode.BALANCED);
    }

    /** The name, such as {@code fast}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
