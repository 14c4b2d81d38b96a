package org.ttm4j.serve.model;

import java.util.Locale;
import java.util.Map;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.WarmedUp;
import org.ttm4j.ttm.combine.CombinedForecaster;

/**
 * A model that is loaded, in its modes. Immutable and thread-safe.
 *
 * @param name under which it is served
 * @param modes the forecaster of each
 * @param kernels that it runs on
 */
public record ServedModel(String name, Map<Mode, Forecaster> modes, String kernels) {
    /** How much is done for a forecast; as the program's {@code --mode}. */
    public enum Mode {
        /** The model alone. */
        FAST,
        /** The model and statistical forecasts, weighted by their errors at six earlier origins. */
        BALANCED,
        /** The same at twelve. */
        BEST;

        /** The names, for messages. */
        public static final String NAMES = "fast, balanced or best";

        /**
         * The mode of a name.
         *
         * @throws Problem when there is none
         */
        public static Mode of(String name, String pointer) {
            for (Mode mode : values()) if (mode.text().equals(name)) return mode;
            throw new Problem(Problem.Type.INVALID_VALUE, "expected the mode " + NAMES, pointer);
        }

        /** Its name in requests. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Runs the model until its time is steady. */
    static ServedModel warm(String name, Forecaster forecaster) {
        WarmedUp warm = forecaster.warmUp();
        Forecaster balanced = CombinedForecaster.of(forecaster);
        if (CombinedForecaster.suits(forecaster)) balanced.forecast(ForecastRequest.of(new float[1][64]));
        return new ServedModel(name, Map.of(Mode.FAST, forecaster, Mode.BALANCED, balanced, Mode.BEST,
                CombinedForecaster.of(forecaster, CombinedForecaster.Mode.BEST)), warm.kernels());
    }

    /** The forecaster of a mode. */
    public Forecaster in(Mode mode) {
        return modes.get(mode);
    }
}
