package org.ttm4j.data.time;

/** The value of a step that has no row. A step whose row has an empty cell is missing, unless gaps are interpolated. */
public enum Fill {
    /** Zero, as where nothing was sold. */
    ZERO,
    /** A line between the values before and after, also in empty cells; what has no value before or after stays missing. */
    INTERPOLATE,
    /** NaN, a missing value. */
    MISSING
}
