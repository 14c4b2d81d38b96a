package org.ttm4j.ttm.run;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The global standardisation of a fine-tuned model's input channels: z = (x − mean) / deviation. Computed in double
 * precision, as in training, so that the model sees the same bits. Immutable.
 *
 * @param names of the channels, for messages
 * @param means of the channels, as many
 * @param deviations of the channels, as many, above 0
 */
public record Standardization(List<String> names, double[] means, double[] deviations) {
    private static final int LISTED = 20;

    /** Throws IllegalArgumentException unless a history has the channels that the model was fine-tuned with. */
    void requireChannels(int channels) {
        if (channels == means.length) return;
        throw new IllegalArgumentException("the history has " + channels + " channels: this model reads "
                + names.stream().limit(LISTED).collect(Collectors.joining(", ")) + (means.length > LISTED ? ", …" : "")
                + " (" + means.length + ", channels.json)");
    }

    /** A value of a channel, standardised. Throws IllegalArgumentException where float32 has no such value. */
    double standardize(int channel, double value) {
        double standardized = (value - means[channel]) / deviations[channel];
        if (Float.isInfinite((float) standardized)) {
            throw new IllegalArgumentException("channel " + names.get(channel) + ": " + value
                    + " is too far from the values that this model was fine-tuned on");
        }
        return standardized;
    }

    /** A standardised value of a channel in original units. */
    double inOriginalUnits(int channel, double standardized) {
        return standardized * deviations[channel] + means[channel];
    }
}
