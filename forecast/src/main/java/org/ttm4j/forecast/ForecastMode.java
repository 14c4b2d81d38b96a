package org.ttm4j.forecast;

import java.util.Locale;
import org.ttm4j.ttm.run.RunRules;

/**
 * How much work a forecast takes, by the name that users give: the command line, the service, and the engines that the
 * library runs in.
 *
 * <pre>{@code
 * Forecaster forecaster = Forecaster.bundled().in(ForecastMode.FAST);
 * }</pre>
 */
public enum ForecastMode {
    /** The model alone. */
    FAST,
    /** The combination around the model, whose members are measured at up to nine earlier origins. */
    BALANCED,
    /** Another name of {@link #BALANCED}; a forecast has a note that says so. */
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

    /** The forecaster of this mode; one whose forecasts cannot be combined stays as it is. */
    public Forecaster around(ModelForecaster model) {
        RunRules.requireGiven("model", model);
        return this == FAST || !model.canCombine() ? model : new CombinedForecaster(model, this);
    }

    /** The name, such as {@code fast}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
