package org.ttm4j.ttm;

/** The memory of a forecast into the caller's arrays, kept for the next one. Used by one thread at a time. */
final class ForecastBuffers {
    private final TtmModel model;
    private final Predictor predictor;
    private final int length;
    private final int steps;
    private Predictor.Samples samples;
    private float[] scales = {};

    ForecastBuffers(TtmModel model, Predictor predictor) {
        this.model = model;
        this.predictor = predictor;
        length = model.config().contextLength();
        steps = model.config().outputLength();
    }

    /** See {@link Forecaster#forecast(float[][], float[][])}. */
    void forecast(float[][] history, float[][] result, int minimumHistory) {
        ForecastRun.checkHistory(model, history, minimumHistory);
        int[] named = model.config().predictionChannels();
        check(result, named == null ? history.length : named.length);
        if (scales.length != history.length) allocate(history.length);
        boolean magnify = History.mayMagnify(model);
        for (int c = 0; c < history.length; c++) {
            scales[c] = History.write(history[c], history[c].length, samples.past(), samples.mask(), c * length, length,
                    magnify);
        }
        boolean together = model.fixedChannels();
        predictor.predict(samples, 0, together ? 1 : history.length);
        for (int i = 0; i < result.length; i++) {
            int channel = named == null ? i : named[i];
            for (int t = 0; t < result[i].length; t++) {
                result[i][t] = History.inOriginalUnits(samples.forecast()[i * steps + t],
                        together ? 1 : scales[channel], samples.past()[channel * length]);
            }
        }
    }

    private void allocate(int channels) {
        TtmConfig config = model.config();
        if (config.usesExogenous() || !config.categoricalVocabSizeList().isEmpty()) {
            throw new IllegalArgumentException("this model needs known future values or static categories: "
                    + "forecast a ForecastRequest that has them");
        }
        scales = new float[channels];
        int inputs = channels * length;
        // Zeros are the token of an unknown resolution.
        int[] tokens = config.resolutionPrefixTuning() ? new int[channels] : null;
        samples = new Predictor.Samples(new float[inputs], new float[inputs], tokens, null, null,
                new float[channels * steps]);
    }

    private void check(float[][] result, int channels) {
        if (result.length != channels) {
            throw new IllegalArgumentException(
                    "the result has " + result.length + " rows: expected " + channels + ", one a forecast channel");
        }
        for (int i = 0; i < channels; i++) {
            if (result[i].length < 1 || result[i].length > steps) {
                throw new IllegalArgumentException("result[" + i + "] has " + result[i].length
                        + " steps: expected 1 to " + steps + ", the model's own horizon");
            }
        }
    }
}
