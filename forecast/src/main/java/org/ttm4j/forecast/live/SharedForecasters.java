package org.ttm4j.forecast.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.run.RunRules;

/**
 * Forecasters by name, each loaded once in a JVM, for engines that start many tasks in one. Their kernels do not change from
 * the first forecast on: where they might, a forecaster is warmed up before. They stay for the life of the class. Thread-safe.
 */
public final class SharedForecasters {
    /** The name of {@link Forecaster#bundled()}. */
    public static final String DEFAULT = "default";

    private static final Map<String, Forecaster> MODELS = new ConcurrentHashMap<>();
    private static final Map<List<String>, Forecaster> IN_MODES = new ConcurrentHashMap<>();

    private SharedForecasters() {}

    /**
     * The forecaster of a model in a mode. Models that a combination does not suit, and those that were calibrated, make
     * their forecasts alone in every mode.
     *
     * @param model {@link #DEFAULT}, the name of a bundled model, or a checkpoint folder
     * @param mode the name of a {@link ForecastMode}
     * @throws IllegalArgumentException when there is no such mode or model, or it cannot be read
     */
    public static Forecaster get(String model, String mode) {
        RunRules.requireGiven("model", model);
        ForecastMode effort = ForecastMode.of(mode);
        Forecaster loaded = MODELS.computeIfAbsent(model, SharedForecasters::load);
        return IN_MODES.computeIfAbsent(List.of(model, mode), named -> loaded.in(effort));
    }

    private static Forecaster load(String model) {
        Forecaster forecaster;
        try {
            if (model.equals(DEFAULT)) forecaster = Forecaster.bundled();
            else if (BundledModels.names().contains(model)) forecaster = Forecaster.bundled(model);
            else forecaster = Forecaster.load(Path.of(model));
        } catch (IOException e) {
            throw new IllegalArgumentException("model " + model + ": expected default, "
                    + String.join(", ", BundledModels.names()) + " or a checkpoint folder: " + e.getMessage(), e);
        }
        // A forecast that is repeated after a failure must be the same.
        if (KernelSelection.mayChooseVectors()) forecaster.warmUp();
        return forecaster;
    }
}
