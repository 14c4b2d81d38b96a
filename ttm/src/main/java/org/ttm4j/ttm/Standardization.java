package org.ttm4j.ttm;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The global standardisation of a fine-tuned model's input channels: z = (x − mean) / deviation. Computed in double
 * precision, as in training, so that the model sees the same bits. Immutable.
 */
final class Standardization {
    private static final int LISTED = 20;

    private final List<Channels.Channel> inputs;
    private final double[] means;
    private final double[] deviations;

    Standardization(List<Channels.Channel> inputs) {
        this.inputs = inputs;
        means = inputs.stream().mapToDouble(Channels.Channel::mean).toArray();
        deviations = inputs.stream().mapToDouble(Channels.Channel::deviation).toArray();
    }

    /** Throws IllegalArgumentException unless a history has the channels that the model was fine-tuned with. */
    void requireChannels(int channels) {
        if (channels == means.length) return;
        throw new IllegalArgumentException("the history has " + channels + " channels: this model reads "
                + inputs.stream()
                        .limit(LISTED)
                        .map(channel -> Channels.shortened(channel.name()))
                        .collect(Collectors.joining(", "))
                + (means.length > LISTED ? ", …" : "") + " (" + means.length + ", channels.json)");
    }

    /** Writes values of an input channel, standardised. Throws IllegalArgumentException where float32 has no such value. */
    void standardize(int channel, float[] from, int at, float[] to, int toAt, int count) {
        double mean = means[channel];
        double deviation = deviations[channel];
        for (int t = 0; t < count; t++) {
            float value = (float) ((from[at + t] - mean) / deviation);
            if (Float.isInfinite(value)) {
                throw new IllegalArgumentException("channel " + Channels.shortened(inputs.get(channel).name()) + ": "
                        + from[at + t] + " is too far from the values that this model was fine-tuned on");
            }
            to[toAt + t] = value;
        }
    }

    /** A standardised value of an input channel in original units; the largest float where it lies beyond. */
    float inOriginalUnits(int channel, float value) {
        return Math.clamp((float) (value * deviations[channel] + means[channel]), -Float.MAX_VALUE, Float.MAX_VALUE);
    }
}
