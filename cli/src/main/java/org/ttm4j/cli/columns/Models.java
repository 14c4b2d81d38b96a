package org.ttm4j.cli.columns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.train.Channels;

/**
 * Finds the model that a command line names: a bundled one by the name, any other by the folder. {@code 512-96} is the
 * bundled model, {@code ./512-96} a folder.
 */
public final class Models {
    /** Names all bundled models together, of which the one that suits forecasts. No name means the same. */
    public static final String BUNDLED = "bundled";
    public static final Option MODE = new Option("--mode", "fast|balanced|best",
            "the model alone, or combined (best: another name of balanced)");

    private Models() {}

    /** The checkpoint of a model; that of the default bundled model for {@link #BUNDLED}. */
    public static Checkpoint checkpoint(String name, Console console) throws IOException {
        String bundled = bundled(name);
        return bundled == null ? Checkpoint.read(folder(name, console)) : BundledModels.checkpoint(bundled);
    }

    /** The SHA-256 of the weights of {@link #checkpoint}. */
    public static String sha256(String name, Console console) throws IOException {
        String bundled = bundled(name);
        return bundled == null ? Checkpoint.sha256(folder(name, console)) : BundledModels.sha256(bundled);
    }

    /** The model of {@link Option#MODEL}, alone. */
    public static ModelForecaster forecaster(Arguments arguments, Console console) throws IOException {
        String name = arguments.text(Option.MODEL.name());
        if (isBundled(name)) return Forecaster.bundled().fast();
        if (BundledModels.names().contains(name)) return Forecaster.bundled(name).fast();
        return Forecaster.load(folder(name, console)).fast();
    }

    /** The value of the option {@link #MODE}. */
    public static ForecastMode mode(Arguments arguments, ForecastMode otherwise) throws UsageException {
        return arguments.choice(MODE.name(), otherwise, ForecastMode.class);
    }

    /** Throws UsageException if an option that needs a combination is given and the forecaster is not one. */
    public static void requireCombined(Forecaster forecaster, Option option, Arguments arguments)
            throws UsageException {
        if (forecaster.info().combines() || !arguments.flag(option.name())) return;
        throw new UsageException(option.name() + ": only for a combined forecast, not --mode fast, nor a model that "
                + "was fine-tuned, was calibrated or mixes channels");
    }

    /** The columns that a fine-tuned model reads; empty for any other model. */
    public static Optional<Channels> channels(String name, Console console) throws IOException {
        return bundled(name) == null ? Channels.read(folder(name, console)) : Optional.empty();
    }

    /** Whether a name means all bundled models together. */
    public static boolean isBundled(String name) {
        return name == null || name.equals(BUNDLED);
    }

    /** The bundled model of a name, the default one for {@link #BUNDLED}; null where the name is that of a folder. */
    private static String bundled(String name) {
        if (isBundled(name)) return BundledModels.DEFAULT;
        return BundledModels.names().contains(name) ? name : null;
    }

    private static Path folder(String name, Console console) throws IOException {
        Path folder = console.path(name);
        if (Files.isDirectory(folder)) return folder;
        throw new CommandException(Printable.of(name) + ": neither a folder with config.json and "
                + "model.safetensors nor a bundled model (" + String.join(", ", BundledModels.names()) + ")");
    }
}
