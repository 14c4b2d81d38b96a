package org.ttm4j.forecast.explain;

import java.time.Duration;
import java.util.Arrays;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.ttm.config.TtmConfig;

/** Requests that a model can forecast, whatever it needs. */
final class ModelRequests {
    private ModelRequests() {}

    /** Two channels or as many as the model needs, with a season, noise and a missing value. */
    static ForecastRequest of(TtmConfig config) {
        int channels = config.mixesChannels() ? config.numInputChannels() : Math.max(2, config.leastChannels());
        double[][] history = new double[channels][config.contextLength()];
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < history[c].length; t++) {
                history[c][t] = Math.sin(t * 2 * Math.PI / (7 + c)) + 0.3 * Math.sin(t * t) + 3 * c;
            }
        }
        history[0][3] = Double.NaN;
        ForecastRequest request = ForecastRequest.of(history).withFrequency(Duration.ofHours(1));
        if (config.needsKnownFuture()) {
            float[][] future = new float[config.exogenousChannels().length][config.outputLength()];
            for (float[] row : future) Arrays.fill(row, 0.5f);
            request = request.withKnownFuture(future);
        }
        return request.withCategories(new int[config.categoricalVocabSizeList().size()]);
    }

    /** Of what is observed. */
    static double deviation(double[] values) {
        double[] observed = Arrays.stream(values).filter(x -> !Double.isNaN(x)).toArray();
        double mean = Arrays.stream(observed).average().orElseThrow();
        return Math.sqrt(Arrays.stream(observed).map(x -> (x - mean) * (x - mean)).average().orElseThrow());
    }
}
