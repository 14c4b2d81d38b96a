package org.ttm4j.ttm.run;

import java.util.List;
import java.util.stream.Collectors;
import org.ttm4j.ttm.series.Standardization;

/**
 * The input channels of a fine-tuned model, which are standardised as in training. Immutable.
 *
 * @param names the names of the channels, for error messages
 * @param scale the means and deviations of the channels
 */
public record InputChannels(List<String> names, Standardization scale) {
    private static final int LISTED = 20;

    /** Throws IllegalArgumentException unless the history has as many channels as the model was fine-tuned on. */
    void requireChannels(int channels) {
        if (channels == names.size()) return;
        throw new IllegalArgumentException("the history has " + channels + " channels: this model reads "
                + names.stream().limit(LISTED).collect(Collectors.joining(", ")) + (names.size() > LISTED ? ", …" : "")
                + " (" + names.size() + ", channels.json)");
    }

    /** A standardised value of a channel. Throws IllegalArgumentException when float32 cannot represent it. */
    double standardize(int channel, double value) {
        double standardized = scale.apply(channel, value);
        if (Float.isInfinite((float) standardized)) {
            throw new IllegalArgumentException("channel " + names.get(channel) + ": " + value
                    + " is too far from the values that this model was fine-tuned on");
        }
        return standardized;
    }
}
