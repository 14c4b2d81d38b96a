package org.ttm4j.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.combine.CombinedForecaster;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.model.TtmModel;

/**
 * A model by name, which each JVM opens for itself.
 *
 * @param name {@link #BUNDLED}, a bundled model, or a folder that every executor has
 * @param mode what is made of it
 */
record ModelName(String name, Mode mode) implements Serializable {
    /** The bundled models, of which each series has the one that suits it. */
    static final String BUNDLED = "bundled";

    /** How much work a forecast takes. */
    enum Mode {
        /** The model alone. */
        FAST,
        /** The combination around the model. */
        BALANCED,
        /** The same, measured on more of the past. */
        BEST;

        static Mode of(String text) {
            try {
                return valueOf(text.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("mode: expected fast, balanced or best, found " + text, e);
            }
        }
    }

    Forecaster open() {
        Forecaster model = model();
        if (mode == Mode.FAST || !CombinedForecaster.suits(model)) return model;
        return CombinedForecaster.of(model,
                mode == Mode.BEST ? CombinedForecaster.Mode.BEST : CombinedForecaster.Mode.BALANCED);
    }

    /** The model to fine-tune: of the bundled ones the default unless another is named. */
    TtmModel base() throws IOException {
        String bundled = name.equals(BUNDLED) ? BundledModels.DEFAULT : name;
        return TtmModel.of(BundledModels.names().contains(bundled)
                ? BundledModels.checkpoint(bundled)
                : Checkpoint.read(Path.of(name)));
    }

    private Forecaster model() {
        if (name.equals(BUNDLED)) return Forecaster.bundled();
        if (BundledModels.names().contains(name)) return Forecaster.bundled(name);
        try {
            return Forecaster.load(Path.of(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
