package org.ttm4j.data.time;

/** How the rows that fall into one step become one value; missing values do not count. */
public enum Resampling {
    /** The mean of the values. */
    MEAN,
    /** The sum of the values. */
    SUM,
    /** The value of the latest row. */
    LAST
}
