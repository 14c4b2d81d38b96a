package org.ttm4j.data.time;

/** How the rows that fall into one step become one value; missing values do not count. */
public enum Resampling {
    /**
     * For each column apart: the sum of amounts and events, the mean of prices and levels, the last of balances, by the name
     * of the column or else by its values. {@link org.ttm4j.data.grid.RepairReport} says which.
     */
    AUTO,
    /** The mean of the values. */
    MEAN,
    /** The sum of the values; of no row, 0. */
    SUM,
    /** The value of the latest row. */
    LAST
}
