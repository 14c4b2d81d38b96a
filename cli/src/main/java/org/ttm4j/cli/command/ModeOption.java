package org.ttm4j.cli.command;

import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.Forecaster;

/** The option {@code --mode}. */
final class ModeOption {
    private static final String ONLY_COMBINED = ": only for a combined forecast, not --mode fast, nor a model that "
            + "was fine-tuned, was calibrated or mixes channels";
    static final Option OPTION = new Option("--mode", "fast|balanced|best",
            "the model alone, or combined (best: another name of balanced)");

    private ModeOption() {}

    static ForecastMode of(Arguments arguments, ForecastMode otherwise) throws UsageException {
        return arguments.choice(OPTION.name(), otherwise, ForecastMode.class);
    }

    /** Throws UsageException where a command line has an option for combinations alone, and the forecaster is none. */
    static void requireCombined(Forecaster forecaster, Option option, Arguments arguments) throws UsageException {
        if (forecaster.info().combines() || !arguments.flag(option.name())) return;
        throw new UsageException(option.name() + ONLY_COMBINED);
    }
}
