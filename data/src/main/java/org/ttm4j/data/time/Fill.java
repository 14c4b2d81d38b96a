package org.ttm4j.data.time;

/** What stands for a step without a row. A cell that is explicitly empty is missing in any case but interpolation. */
public enum Fill {
    /** Zero, as where nothing was sold. */
    ZERO,
    /** A line between the values before and after, also in empty cells; what has no value before or after stays missing. */
    INTERPOLATE,
    /** NaN, a missing value. */
    MISSING
}
