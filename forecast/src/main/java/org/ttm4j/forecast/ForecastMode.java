package org.ttm4j.forecast;

import java.util.Locale;

/**
 * How much work a forecast takes, by the name that users give: the command line, the service, and the engines that the
 * library runs in.
 *
 * <pre>{@code
 * Forecaster forecaster = Forecaster.bundled().in(ForecastMode.BEST);
 * }</pre>
 */
public enum ForecastMode {
    /** The model alone. */
    FAST(0),
    /** The combination around the model, whose members are measured at up to six earlier origins. */
    BALANCED(6),
    /** The same at up to twelve earlier origins, which takes twice the time. */
    BEST(12);

    /** The names, for messages. */
    public static final String NAMES = "fast, balanced or best";

    private final int windows;

    ForecastMode(int windows) {
        this.windows = windows;
    }

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
        return this == FAST || !model.canCombine() ? model : new CombinedForecaster(model, this);
    }

    /** Earlier origins at most. */
    int windows() {
        return windows;
    }

    /** The name, such as {@code fast}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
