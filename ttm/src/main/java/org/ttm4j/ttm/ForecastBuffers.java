package org.ttm4j.ttm;

/** The memory of a forecast into the caller's arrays, kept for the next one. Used by one thread at a time. */
final class ForecastBuffers {
    private final TtmConfig config;
    private final Standardization standardization;
    private final Predictor predictor;
    private ForecastPass pass;
    private int inputs;

    ForecastBuffers(TtmConfig config, Standardization standardization, Predictor predictor) {
        this.config = config;
        this.standardization = standardization;
        this.predictor = predictor;
    }

    /** See {@link Forecaster#forecast(float[][], float[][])}. */
    void forecast(float[][] history, float[][] result, int minimumHistory) {
        ForecastRun.checkHistory(config, standardization, history, minimumHistory);
        if (inputs != history.length) allocate(history.length);
        check(result, pass.channels().length);
        pass.begin(history);
        predictor.predict(pass.samples(), 0, pass.count());
        for (int i = 0; i < result.length; i++) pass.read(i, result[i], 0, result[i].length);
    }

    private void allocate(int channels) {
        if (config.needsKnownFuture() || !config.categoricalVocabSizeList().isEmpty()) {
            throw new IllegalArgumentException("this model needs known future values or static categories: "
                    + "forecast a ForecastRequest that has them");
        }
        pass = new ForecastPass(config, standardization, channels, Resolution.UNKNOWN.token(), null);
        inputs = channels;
    }

    private void check(float[][] result, int channels) {
        if (result.length != channels) {
            throw new IllegalArgumentException(
                    "the result has " + result.length + " rows: expected " + channels + ", one a forecast channel");
        }
        int steps = config.outputLength();
        for (int i = 0; i < channels; i++) {
            if (result[i] == null) throw new IllegalArgumentException("result[" + i + "] is null");
            if (result[i].length < 1 || result[i].length > steps) {
                throw new IllegalArgumentException("result[" + i + "] has " + result[i].length
                        + " steps: expected 1 to " + steps + ", the model's own horizon");
            }
        }
    }
}
