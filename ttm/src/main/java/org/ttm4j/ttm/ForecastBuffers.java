package org.ttm4j.ttm;

import java.util.Arrays;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.run.Predictor;

/** The memory of a forecast into the caller's arrays, kept for the next one. Used by one thread at a time. */
final class ForecastBuffers {
    private final TtmConfig config;
    private final Standardization standardization;
    private final Predictor predictor;
    private ForecastPass pass;
    /** Input channels × (context + most steps so far): the history's end with the forecast growing behind it. */
    private float[][] series;

    ForecastBuffers(TtmConfig config, Standardization standardization, Predictor predictor) {
        this.config = config;
        this.standardization = standardization;
        this.predictor = predictor;
    }

    /** See {@link Forecaster#forecast(float[][], float[][])}. */
    void forecast(float[][] history, float[][] result) {
        ForecastRun.checkHistory(config, standardization, history);
        if (series == null || series.length != history.length) allocate(history.length);
        int horizon = longest(result, pass.channels().length);
        int steps = config.outputLength();
        pass.begin(history);
        run(result, 0);
        if (horizon <= steps) return;
        int start = Math.min(config.contextLength(), history[0].length);
        if (series[0].length < start + horizon) series = new float[history.length][start + horizon];
        for (int c = 0; c < series.length; c++) {
            System.arraycopy(history[c], history[c].length - start, series[c], 0, start);
            Arrays.fill(series[c], start, series[c].length, Float.NaN);
        }
        for (int done = steps; done < horizon; done += steps) {
            for (int i = 0; i < result.length; i++)
                pass.read(i, series[pass.channels()[i]], start + done - steps, steps);
            pass.next(series, start + done);
            run(result, done);
        }
    }

    /** Runs the model and keeps its forecast from step {@code done} of the result on. */
    private void run(float[][] result, int done) {
        predictor.predict(pass.samples(), 0, pass.count());
        for (int i = 0; i < result.length; i++) {
            pass.read(i, result[i], done, Math.clamp((long) result[i].length - done, 0, config.outputLength()));
        }
    }

    private void allocate(int channels) {
        if (config.needsKnownFuture() || !config.categoricalVocabSizeList().isEmpty()) {
            throw new IllegalArgumentException("this model needs known future values or static categories: "
                    + "forecast a ForecastRequest that has them");
        }
        pass = new ForecastPass(config, standardization, channels, Resolution.UNKNOWN.token(), null);
        series = new float[channels][0];
    }

    /** The length of the longest row, once all are checked. */
    private static int longest(float[][] result, int channels) {
        if (result.length != channels) {
            throw new IllegalArgumentException(
                    "the result has " + result.length + " rows: expected " + channels + ", one a forecast channel");
        }
        int longest = 0;
        for (int i = 0; i < channels; i++) {
            if (result[i] == null) throw new IllegalArgumentException("result[" + i + "] is null");
            if (result[i].length < 1 || result[i].length > ForecastRequest.MAX_HORIZON) {
                throw new IllegalArgumentException("result[" + i + "] has " + result[i].length
                        + " steps: expected 1 to " + ForecastRequest.MAX_HORIZON);
            }
            longest = Math.max(longest, result[i].length);
        }
        return longest;
    }
}
