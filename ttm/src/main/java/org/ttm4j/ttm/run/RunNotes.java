package org.ttm4j.ttm.run;

/** Words that notes on forecasts share. */
public final class RunNotes {
    private RunNotes() {}

    /** For the note that steps which are missing were interpolated. */
    public static String interpolated(int missing) {
        return count(missing, "missing step") + (missing == 1 ? " was" : " were") + " interpolated";
    }

    static String count(int count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }
}
