package org.ttm4j.ttm.published;

import java.util.Arrays;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.run.Predictor;

/** The quantiles of one model after standardised series, pass after pass. Thread-safe while nobody trains the model. */
final class QuantilePass {
    private final TtmConfig config;
    private final Predictor predictor;
    private final int levels;

    QuantilePass(TtmModel model) {
        config = model.config();
        predictor = new Predictor(model);
        levels = config.quantileHead().levels().size();
    }

    String name() {
        return config.contextLength() + "-" + config.outputLength();
    }

    int context() {
        return config.contextLength();
    }

    int horizon() {
        return config.outputLength();
    }

    int vocabulary() {
        return config.frequencyTokenVocabSize();
    }

    /** The channels that are forecast of so many. */
    int[] forecastChannels(int inputs) {
        boolean fits = config.mixesChannels() ? inputs == config.numInputChannels() : inputs >= config.leastChannels();
        if (!fits) {
            throw new IllegalArgumentException("the history has " + inputs + " channels: the model " + name()
                    + " needs " + (config.mixesChannels() ? "" : "at least ") + config.leastChannels());
        }
        return config.predictionChannels(inputs);
    }

    /**
     * Quantiles of the steps after the first {@code steps} of the series: levels × forecast channels × horizon.
     *
     * @param series channels × at least {@code steps}
     */
    double[][][] quantiles(double[][] series, int steps, int horizon, int token) {
        int[] channels = forecastChannels(series.length);
        double[][] extended = new double[series.length][steps + horizon];
        for (int c = 0; c < series.length; c++) System.arraycopy(series[c], 0, extended[c], 0, steps);
        double[][][] result = new double[levels][channels.length][horizon];
        for (int done = 0; done < horizon; done += horizon()) {
            Predictor.Samples samples = samples(extended, steps + done, channels.length, token);
            predictor.predict(samples, 0, samples.past().length / predictor.sampleSize());
            boolean alone = !config.mixesChannels();
            int kept = Math.min(horizon(), horizon - done);
            for (int i = 0; i < channels.length; i++) {
                for (int q = 0; q < levels; q++) {
                    int from = ((alone ? channels[i] : i) * levels + q) * horizon();
                    for (int t = 0; t < kept; t++) result[q][i][done + t] = samples.quantiles()[from + t];
                }
                System.arraycopy(result[levels / 2][i], done, extended[channels[i]], steps + done, kept);
            }
        }
        return result;
    }

    /** The last steps before {@code end}, led by zeros that are unobserved where there are too few. */
    private Predictor.Samples samples(double[][] series, int end, int forecastChannels, int token) {
        int inputs = series.length;
        int context = context();
        boolean alone = !config.mixesChannels();
        float[] past = new float[inputs * context];
        float[] mask = new float[inputs * context];
        int from = Math.max(0, end - context);
        for (int c = 0; c < inputs; c++) {
            int at = (c + 1) * context - (end - from);
            for (int t = from; t < end; t++) past[at + t - from] = (float) series[c][t];
            Arrays.fill(mask, at, (c + 1) * context, 1);
        }
        int count = alone ? inputs : 1;
        int[] tokens = config.resolutionPrefixTuning() ? new int[count] : null;
        if (tokens != null) Arrays.fill(tokens, token);
        float[] future = config.usesExogenous() && !alone
                ? new float[config.exogenousChannels().length * horizon()]
                : null;
        int size = (alone ? inputs : forecastChannels) * horizon();
        return new Predictor.Samples(past, mask, tokens, future, null, new float[size], new float[size * levels]);
    }

    /**
     * How far steps a season apart differ on average in the context before {@code end}, its zeros in front included. As in the
     * reference the channels are laid end to end, so that the first steps of one are compared with the last of another.
     */
    double scale(double[][] series, int end, int season) {
        int[] channels = forecastChannels(series.length);
        int context = context();
        double[] all = new double[channels.length * context];
        int steps = Math.min(end, context);
        for (int i = 0; i < channels.length; i++) {
            System.arraycopy(series[channels[i]], end - steps, all, (i + 1) * context - steps, steps);
        }
        int lag = season < all.length ? season : 1;
        double sum = 0;
        for (int t = lag; t < all.length; t++) sum += Math.abs(all[t] - all[t - lag]);
        return sum / (all.length - lag);
    }
}
