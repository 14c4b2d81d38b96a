package org.ttm4j.ttm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A forecast in original units, with what was done to the history to make it. Immutable by convention: the arrays are
 * the caller's to keep.
 *
 * @param values forecast channels × horizon, never NaN
 * @param channels the input channel of each row of {@code values}
 * @param paddedSteps steps by which the history was shorter than the model's context; they were filled with the earliest
 *     value and marked as unobserved
 * @param missing for each input channel, how many of the steps that the model looked at were NaN and were filled
 * @param passes how often the model ran: more than once when the horizon is longer than it makes in one pass, each
 *     further pass reading the forecast of the one before
 */
public record Forecast(float[][] values, int[] channels, int paddedSteps, int[] missing, int passes) {

    /** Steps forecast. */
    public int horizon() {
        return values[0].length;
    }

    /** What a reader of the forecast should know, one sentence each; empty when there is nothing. */
    public List<String> notes() {
        return notes(IntStream.range(0, missing.length).mapToObj(Integer::toString).toList());
    }

    /** The same with names for the input channels. */
    public List<String> notes(List<String> channelNames) {
        List<String> notes = new ArrayList<>();
        if (paddedSteps > 0) {
            notes.add(
                    "the history is " + paddedSteps + " steps shorter than the model's context; its earliest value was "
                            + "repeated to the left as unobserved");
        }
        for (int c = 0; c < missing.length; c++) {
            if (missing[c] > 0)
                notes.add("channel " + channelNames.get(c) + ": " + missing[c] + " missing steps were interpolated");
        }
        if (passes > 1) {
            notes.add("the horizon is longer than the model's; it ran " + passes
                    + " times, each time on its own forecast before");
        }
        return notes;
    }
}
