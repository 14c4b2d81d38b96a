package org.ttm4j.spark;

import java.util.concurrent.ConcurrentHashMap;
import org.ttm4j.ttm.Forecaster;

/** The models of this JVM, each loaded once, whatever tasks run in it. Thread-safe. */
final class ExecutorModels {
    private static final ConcurrentHashMap<ModelName, Forecaster> MODELS = new ConcurrentHashMap<>();

    private ExecutorModels() {}

    /** A model that is warm, so that a task that is run again makes the same bits. */
    static Forecaster of(ModelName name) {
        return MODELS.computeIfAbsent(name, ExecutorModels::load);
    }

    private static Forecaster load(ModelName name) {
        Forecaster forecaster = name.open();
        // With the property there is one set of kernels from the first forecast on.
        if (System.getProperty("ttm4j.kernels") == null) forecaster.warmUp();
        return forecaster;
    }
}
