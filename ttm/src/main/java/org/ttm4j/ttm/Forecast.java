package org.ttm4j.ttm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.ttm.interval.Quantiles;

/**
 * A forecast in original units, with what was done to the history to make it. Immutable by convention: the arrays are
 * the caller's to keep.
 *
 * @param values forecast channels × horizon, all finite
 * @param channels the input channel of each row of {@code values}
 * @param paddedSteps steps by which the history was shorter than the model's context; they were filled with the earliest
 *     value and marked as unobserved
 * @param missing for each input channel, how many of the steps that the model looked at were NaN and were filled
 * @param contexts for each input channel, what these steps held
 * @param repeatedFuture steps beyond the known future values that the model read in its last pass; the last known values
 *     stood in
 * @param passes how often the model ran: more than once when the horizon is longer than it makes in one pass, each
 *     further pass reading the forecast of the one before
 * @param model the model that made it, where the forecaster chose among several; null otherwise
 * @param quantiles of the same channels and steps, where there are intervals; null otherwise
 */
public record Forecast(float[][] values, int[] channels, int paddedSteps, int[] missing, Context[] contexts,
        int repeatedFuture, int passes, Model model, Quantiles quantiles) {

    /**
     * A model that was chosen among several.
     *
     * @param name such as {@code 512-96}
     * @param reason why it was chosen, in words
     */
    public record Model(String name, String reason) {}

    /** What the steps of a channel that the model looked at held. */
    public enum Context {
        /** Different values: the forecast is the model's. */
        VARYING,
        /** The same value throughout; the forecast is that value, but the model's where it mixes channels. */
        CONSTANT,
        /** Nothing, but there are values before: the forecast is the last of them. */
        UNOBSERVED,
        /** Nothing, and nothing before: the forecast is 0. */
        NEVER_OBSERVED
    }

    /** The same forecast with these quantiles. */
    public Forecast withQuantiles(Quantiles of) {
        return new Forecast(values, channels, paddedSteps, missing, contexts, repeatedFuture, passes, model, of);
    }

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
        if (model != null) notes.add("model " + model.name + ": " + model.reason);
        if (paddedSteps > 0) {
            notes.add(
                    "the history is " + paddedSteps + " steps shorter than the model's context; its earliest value was "
                            + "repeated to the left as unobserved");
        }
        for (int c = 0; c < missing.length; c++) addNotes(notes, c, "channel " + channelNames.get(c) + ": ");
        if (passes > 1) {
            notes.add("the horizon is longer than the model's; it ran " + passes
                    + " times, each time on its own forecast before");
        }
        if (repeatedFuture > 0) {
            notes.add("the model looks " + repeatedFuture + " steps beyond the known future values; the last ones were "
                    + "repeated there");
        }
        if (quantiles != null) {
            notes.add("the quantiles rest on " + quantiles.windows() + " earlier forecasts and what came of them");
        }
        return notes;
    }

    private void addNotes(List<String> notes, int channel, String name) {
        Context context = contexts[channel];
        if (context == Context.UNOBSERVED || context == Context.NEVER_OBSERVED) {
            String instead = context == Context.UNOBSERVED ? "its last value before" : "0";
            notes.add(name + "nothing observed in the last " + missing[channel] + " steps"
                    + (isForecast(channel) ? "; forecast as " + instead : ""));
            return;
        }
        if (context == Context.CONSTANT) notes.add(name + "never varies");
        if (missing[channel] > 0) notes.add(name + missing[channel] + " missing steps were interpolated");
    }

    private boolean isForecast(int channel) {
        return IntStream.of(channels).anyMatch(c -> c == channel);
    }
}
