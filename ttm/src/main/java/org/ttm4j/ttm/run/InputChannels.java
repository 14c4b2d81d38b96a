package org.ttm4j.ttm.run;

import java.util.List;
import java.util.stream.Collectors;
import org.ttm4j.ttm.series.Standardization;

/**
 * The input channels of a fine-tuned model, which reads them standardised as in training. Immutable.
 *
 * @param names of the channels, for messages
 * @param scale of the channels, as many
 */
public record InputChannels(List<String> names, Standardization scale) {
    private static final int LISTED = 20;

    /** Throws IllegalArgumentException unless a history has the channels that the model was fine-tuned with. */
    void requireChannels(int channels) {
        if (channels == names.size()) return;
        throw new IllegalArgumentException("the history has " + channels + " channels: this model reads "
                + names.stream().limit(LISTED).collect(Collectors.joining(", ")) + (names.size() > LISTED ? ", …" : "")
                + " (" + names.size() + ", channels.json)");
    }

    /** A value of a channel, standardised. Throws IllegalArgumentException where float32 has no such value. */
    double standardize(int channel, double value) {
        double standardized = scale.apply(channel, value);
        if (Float.isInfinite((float) standardized)) {
            throw new IllegalArgumentException("channel " + names.get(channel) + ": " + value
                    + " is too far from the values that this model was fine-tuned on");
        }
        return standardized;
    }
}
