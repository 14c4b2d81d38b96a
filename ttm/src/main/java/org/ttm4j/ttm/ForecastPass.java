package org.ttm4j.ttm;

import java.util.Arrays;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.run.History;
import org.ttm4j.ttm.run.Predictor;

/**
 * One run of the model for one history: its contexts as the model reads them, and the forecasts made of them in original
 * units. The memory serves pass after pass and forecast after forecast; only the constructor allocates. Not thread-safe.
 */
final class ForecastPass {
    private final TtmConfig config;
    /** Whether each channel is a sample of its own, else all are one sample. */
    private final boolean alone;
    private final boolean magnify;
    private final int length;
    private final int[] channels;
    private final Predictor.Samples samples;
    /** Null where the model takes original units. */
    private final Standardization standardization;
    private final float[] standardized;
    /** What {@link History#write} returned for each input channel. */
    private final float[] factors;
    /** The forecast of a channel of which the first context holds nothing; NaN elsewhere. */
    private final float[] fallback;
    /** The last observed value of a channel whose context does not vary. */
    private final float[] last;

    /**
     * @param standardization of the channels; null where the model takes original units
     * @param inputs input channels
     * @param token resolution token, where the model reads one
     * @param categories static categories, or null
     */
    ForecastPass(TtmConfig config, Standardization standardization, int inputs, int token, int[] categories) {
        this.config = config;
        this.standardization = standardization;
        alone = !config.mixesChannels();
        magnify = History.mayMagnify(config);
        length = config.contextLength();
        channels = config.predictionChannels(inputs);
        factors = new float[inputs];
        fallback = new float[inputs];
        last = new float[inputs];
        standardized = standardization == null ? null : new float[length];
        int steps = config.outputLength();
        int[] tokens = config.resolutionPrefixTuning() ? new int[count()] : null;
        if (tokens != null) Arrays.fill(tokens, token);
        // Zeros are the known future of a model that can do without.
        float[] known = config.usesExogenous() && !alone ? new float[config.exogenousChannels().length * steps] : null;
        int[][] columns = categories == null ? null : new int[categories.length][1];
        for (int i = 0; columns != null && i < columns.length; i++) columns[i][0] = categories[i];
        samples = new Predictor.Samples(new float[inputs * length], new float[inputs * length], tokens, known, columns,
                new float[(alone ? inputs : channels.length) * steps]);
    }

    Predictor.Samples samples() {
        return samples;
    }

    /** Samples that the model runs on. */
    int count() {
        return alone ? factors.length : 1;
    }

    /** The input channel of each forecast. */
    int[] channels() {
        return channels;
    }

    /** Prepares the first pass of a forecast, from a whole history. */
    void begin(float[][] history) {
        next(history, history[0].length);
        for (int c = 0; c < factors.length; c++) {
            fallback[c] = Float.NaN;
            if (factors[c] == 0) fallback[c] = Float.isNaN(last[c]) ? 0 : last[c];
        }
    }

    /** Prepares a further pass, from the first {@code end} steps of each channel. */
    void next(float[][] series, int end) {
        for (int c = 0; c < factors.length; c++) {
            factors[c] = write(c, series[c], end);
            if (factors[c] <= 0) last[c] = lastObserved(series[c], end);
        }
    }

    private float write(int channel, float[] series, int end) {
        float[] source = series;
        int steps = end;
        if (standardization != null) {
            steps = Math.min(end, length);
            standardization.standardize(channel, series, end - steps, standardized, 0, steps);
            source = standardized;
        }
        return History.write(source, steps, samples.past(), samples.mask(), channel * length, length, magnify);
    }

    /** Standardises the known future of this pass, once it is filled in. */
    void standardizeKnownFuture() {
        if (standardization == null) return;
        int[] exogenous = config.exogenousChannels();
        int steps = config.outputLength();
        float[] known = samples.knownFuture();
        for (int i = 0; i < exogenous.length; i++) {
            standardization.standardize(exogenous[i], known, i * steps, known, i * steps, steps);
        }
    }

    /** What the context of a channel held, once the first pass of a forecast is prepared. */
    Forecast.Context context(int channel, float[] history) {
        if (factors[channel] == 0) {
            return Float.isNaN(lastObserved(history, history.length))
                    ? Forecast.Context.NEVER_OBSERVED
                    : Forecast.Context.UNOBSERVED;
        }
        return factors[channel] < 0 ? Forecast.Context.CONSTANT : Forecast.Context.VARYING;
    }

    /** How many of the last {@code steps} steps of a channel's context were filled. */
    int missing(int channel, int steps) {
        int count = 0;
        for (int t = (channel + 1) * length - steps; t < (channel + 1) * length; t++) {
            if (samples.mask()[t] == 0) count++;
        }
        return count;
    }

    /**
     * Writes the first {@code steps} steps of forecast {@code i} to {@code result} from {@code at} on.
     *
     * @throws IllegalArgumentException naming the channel when the model's arithmetic overflowed
     */
    void read(int i, float[] result, int at, int steps) {
        int channel = channels[i];
        int from = (alone ? channel : i) * config.outputLength();
        for (int t = 0; t < steps; t++) result[at + t] = inOriginalUnits(samples.forecast()[from + t], channel);
    }

    private float inOriginalUnits(float forecast, int channel) {
        if (!Float.isNaN(fallback[channel])) return fallback[channel];
        if (alone && factors[channel] < 0) return last[channel];
        if (!Float.isFinite(forecast)) {
            throw new IllegalArgumentException("channel " + channel + ": the forecast is " + forecast
                    + ": the values are too large for this model");
        }
        // A huge series was made smaller: only taking its forecast back can pass the largest float.
        float scaled = magnify ? Math.clamp(forecast / factors[channel], -Float.MAX_VALUE, Float.MAX_VALUE) : forecast;
        return standardization == null ? scaled : standardization.inOriginalUnits(channel, scaled);
    }

    /** The last value that is not NaN before {@code end}, NaN when there is none. */
    private static float lastObserved(float[] series, int end) {
        int t = end - 1;
        while (t >= 0 && Float.isNaN(series[t])) t--;
        return t < 0 ? Float.NaN : series[t];
    }
}
