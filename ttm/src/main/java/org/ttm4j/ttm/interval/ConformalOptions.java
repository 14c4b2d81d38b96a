package org.ttm4j.ttm.interval;

/**
 * How {@link ConformalIntervals} weighs and bounds.
 *
 * @param windows the most recent windows that are remembered, at least 1
 * @param halfLife after so many windows an error counts half; infinite = all count alike
 * @param lowerBound no quantile is below it: 0 for what cannot be negative, else −∞
 */
public record ConformalOptions(int windows, double halfLife, float lowerBound) {
    private static final int MOST_WINDOWS = 1 << 20;

    /** Throws IllegalArgumentException naming the component that is out of its range. */
    public ConformalOptions {
        if (windows < 1 || windows > MOST_WINDOWS) {
            throw new IllegalArgumentException("windows " + windows + ": expected 1 to " + MOST_WINDOWS);
        }
        if (!(halfLife > 0)) throw new IllegalArgumentException("halfLife " + halfLife + ": expected more than 0");
        if (Float.isNaN(lowerBound) || lowerBound == Float.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("lowerBound " + lowerBound + ": expected a number or -Infinity");
        }
    }

    /** The last 1,000 windows, all alike, no bound. */
    public static ConformalOptions defaults() {
        return new ConformalOptions(1000, Double.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
    }

    public ConformalOptions withWindows(int count) {
        return new ConformalOptions(count, halfLife, lowerBound);
    }

    public ConformalOptions withHalfLife(double windowCount) {
        return new ConformalOptions(windows, windowCount, lowerBound);
    }

    public ConformalOptions withLowerBound(float bound) {
        return new ConformalOptions(windows, halfLife, bound);
    }
}
