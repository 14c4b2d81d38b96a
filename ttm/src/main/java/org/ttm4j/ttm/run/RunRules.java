package org.ttm4j.ttm.run;

import java.util.stream.Collectors;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.train.Channels;

/** Checks the inputs of a run. Errors name the input that the model cannot use. */
public final class RunRules {
    private static final int LISTED = 20;

    private RunRules() {}

    /** Throws IllegalArgumentException naming an argument that is null. */
    public static void requireGiven(String name, Object argument) {
        if (argument == null) throw new IllegalArgumentException(name + " is null");
    }

    /** The same for rows, naming the one that is null. */
    public static void requireRows(String name, Object[] rows) {
        requireGiven(name, rows);
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] == null) throw new IllegalArgumentException(name + "[" + i + "] is null");
        }
    }

    /** Throws IllegalArgumentException unless the model can use this number of channels. */
    static void channels(TtmConfig config, Channels known, int inputs) {
        if (inputs == 0) throw new IllegalArgumentException("the history has no channel");
        int read = known == null ? inputs : known.inputs().size();
        if (inputs != read) {
            String names = known.inputs()
                    .stream()
                    .limit(LISTED)
                    .map(input -> Channels.shortened(input.name()))
                    .collect(Collectors.joining(", "));
            throw new IllegalArgumentException("the history has " + inputs + " channels: this model reads " + names
                    + (read > LISTED ? ", …" : "") + " (" + read + ", channels.json)");
        }
        if (config.mixesChannels() && inputs != config.numInputChannels()) {
            throw new IllegalArgumentException("the history has " + inputs + " channels: this model needs "
                    + config.numInputChannels() + " (num_input_channels)");
        }
        if (inputs < config.leastChannels()) {
            throw new IllegalArgumentException("the history has " + inputs + " channels: this model needs at least "
                    + config.leastChannels() + " (prediction_channel_indices, exogenous_channel_indices)");
        }
    }

    /** Throws IllegalArgumentException unless the known future fits the model and the steps. */
    static void knownFuture(TtmConfig config, double[][] future, int horizon, int stepsRead) {
        if (future == null && !config.needsKnownFuture()) return;
        if (!config.usesExogenous()) {
            throw new IllegalArgumentException("known future values were given to a model that cannot use them: it has "
                    + "no exogenous channels (exogenous_channel_indices)");
        }
        int exogenous = config.exogenousChannels().length;
        if (future == null || future.length != exogenous) {
            throw new IllegalArgumentException("this model needs the known future of its " + exogenous
                    + " exogenous channels, not of " + (future == null ? 0 : future.length));
        }
        for (int i = 0; i < exogenous; i++) {
            if (future[i] == null) throw new IllegalArgumentException("knownFuture[" + i + "] is null");
            if (future[i].length < horizon) {
                throw new IllegalArgumentException("the known future of exogenous channel " + i + " has "
                        + future[i].length + " steps: the horizon needs " + horizon);
            }
            for (int t = 0; t < Math.min(stepsRead, future[i].length); t++) {
                if (Double.isNaN(future[i][t])) {
                    throw new IllegalArgumentException("knownFuture[" + i + "][" + t + "] is missing (NaN)");
                }
            }
            numbers(future[i], future[i].length, "knownFuture", i);
        }
    }

    /** Throws IllegalArgumentException when a value is infinite or out of the range of a float. */
    public static void numbers(double[] values, int steps, String name, int channel) {
        for (int t = 0; t < steps; t++) {
            if (!(Math.abs(values[t]) > Float.MAX_VALUE)) continue;
            throw new IllegalArgumentException(name + "[" + channel + "][" + t + "] is "
                    + (Double.isInfinite(values[t])
                            ? "infinite; missing values are NaN"
                            : values[t] + ", beyond the largest float, " + Float.MAX_VALUE));
        }
    }
}
