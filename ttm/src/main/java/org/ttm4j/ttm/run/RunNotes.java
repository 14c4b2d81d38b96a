package org.ttm4j.ttm.run;

/** The texts of the notes on a run. */
public final class RunNotes {
    private RunNotes() {}

    static String padded(int steps) {
        return "the history is " + count(steps, "step") + " shorter than the model's context; its "
                + "earliest value was repeated to the left as unobserved";
    }

    static String fedBack(int passes) {
        return "the horizon is longer than the model's; it ran " + passes
                + " times, each time on its own forecast before";
    }

    static String held(int step) {
        return "from step " + (step + 1)
                + " on the forecast leaves what the history and its trend can bear, and is held at "
                + "these bounds; choose a shorter horizon";
    }

    static String repeatedFuture(int steps) {
        return "the model looks " + count(steps, "step")
                + " beyond the known future values; the last ones were repeated there";
    }

    /** {@code instead} describes the constant that replaces the forecast; null if the channel is not forecast. */
    static String unobserved(int steps, String instead) {
        return "nothing observed in the last " + steps + " steps" + (instead == null ? "" : "; forecast as " + instead);
    }

    /** For the note that steps which are missing were interpolated. */
    public static String interpolated(int missing) {
        return count(missing, "missing step") + (missing == 1 ? " was" : " were") + " interpolated";
    }

    static String coarse(double grid, boolean singlePrecision) {
        return "float32 holds these values in steps of " + (float) grid + ", which is too coarse for how they change; "
                + (singlePrecision
                        ? "subtract a constant from them, or in Java give them as double[][], to keep what is finer"
                        : "this model reads float32 and does not see what is finer");
    }

    private static String count(int count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }
}
