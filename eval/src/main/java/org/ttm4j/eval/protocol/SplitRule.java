package org.ttm4j.eval.protocol;

/** Divides a series in time. Immutable; {@code toString} is its description in reports. */
public interface SplitRule {

    /**
     * The rows of each part.
     *
     * @param rows the length of the series
     * @param context the length L of the context
     * @param horizon the length of the forecast
     * @throws IllegalArgumentException when a part is too short for one window
     */
    Split split(int rows, int context, int horizon);

    /** Whether each part of a series of so many rows has a window. */
    default boolean fits(int rows, int context, int horizon) {
        try {
            split(rows, context, horizon);
            return true;
        } catch (IllegalArgumentException tooShort) {
            return false;
        }
    }
}
