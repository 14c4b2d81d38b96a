package org.ttm4j.cli.command;

import java.util.Locale;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.combine.CombinedForecaster;

/** How much work a forecast takes. */
enum ForecastMode {
    /** The model alone. */
    FAST,
    /** The combination around the model. */
    BALANCED,
    /** The same, measured on more of the past. */
    BEST;

    static final Option OPTION = new Option("--mode", "fast|balanced|best",
            "the model alone, combined, or combined with more effort");

    static ForecastMode of(Arguments arguments, ForecastMode otherwise) throws UsageException {
        return arguments.text(OPTION.name()) == null ? otherwise : arguments.choice(OPTION.name(), ForecastMode.class);
    }

    /** The forecaster of this mode; one that was calibrated, or that a combination does not suit, stays as it is. */
    Forecaster around(Forecaster model) {
        if (this == FAST || model.intervals().isPresent() || !CombinedForecaster.suits(model)) return model;
        return CombinedForecaster.of(model,
                this == BEST ? CombinedForecaster.Mode.BEST : CombinedForecaster.Mode.BALANCED);
    }

    /** Throws UsageException where a command line has an option for combinations alone, and the forecaster is none. */
    static void requireCombined(Forecaster forecaster, Option option, Arguments arguments) throws UsageException {
        if (forecaster instanceof CombinedForecaster || arguments.text(option.name()) == null) return;
        throw new UsageException(
                option.name() + ": only for a combined forecast, not --mode fast, nor a model that was "
                        + "fine-tuned, was calibrated or mixes channels");
    }

    /** The word for it on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
