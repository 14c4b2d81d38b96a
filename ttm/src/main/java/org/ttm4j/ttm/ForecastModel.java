package org.ttm4j.ttm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.run.Lazy;
import org.ttm4j.ttm.run.Predictor;

/** A model of a {@link Forecaster}, read when first needed, and the memory that its forecasts keep. Thread-safe. */
final class ForecastModel {
    private static final int MINIMUM_SHARE = 32;

    private final Lazy<TtmConfig> config;
    private final Standardization standardization;
    private final Lazy<Predictor> predictor;
    private final Deque<ForecastBuffers> idle = new ArrayDeque<>();

    /**
     * The configuration has a source of its own, as it is read in a fraction of the time that the weights take.
     *
     * @param standardization of a fine-tuned model's channels; null where the model takes original units
     */
    ForecastModel(Supplier<TtmConfig> config, Standardization standardization, Supplier<TtmModel> model) {
        this.config = new Lazy<>(config);
        this.standardization = standardization;
        predictor = new Lazy<>(() -> new Predictor(model.get()));
    }

    TtmConfig config() {
        return config.get();
    }

    /** Null where the model takes original units. */
    Standardization standardization() {
        return standardization;
    }

    /** The fewest steps of history that a model with this context is given. */
    static int minimumHistory(int contextLength) {
        return Math.max(2, contextLength / MINIMUM_SHARE);
    }

    /** Runs pass after pass, those of all runs as one batch, until every run is complete. */
    void complete(List<ForecastRun> runs, BiConsumer<Predictor, SampleBatch> predict) {
        List<ForecastRun> pending = runs;
        while (!pending.isEmpty()) {
            SampleBatch batch = new SampleBatch(pending);
            predict.accept(predictor.get(), batch);
            batch.accept();
            pending = pending.stream().filter(run -> !run.complete()).toList();
        }
    }

    /** See {@link Forecaster#forecast(float[][], float[][])}. */
    void forecast(float[][] history, float[][] result) {
        ForecastBuffers buffers;
        synchronized (idle) {
            buffers = idle.isEmpty() ? new ForecastBuffers(config(), standardization, predictor.get()) : idle.pop();
        }
        try {
            buffers.forecast(history, result);
        } finally {
            synchronized (idle) {
                idle.push(buffers);
            }
        }
    }
}
