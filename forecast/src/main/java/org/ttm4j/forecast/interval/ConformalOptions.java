package org.ttm4j.forecast.interval;

/**
 * The settings of {@link ConformalIntervals}.
 *
 * @param windows the most recent windows that are remembered, at least 1
 * @param halfLife after so many windows an error counts half; infinite = all count alike
 * @param lowerBound no quantile is below it: 0 for what cannot be negative, else −∞
 * @param rate how far a forecast that was issued moves the level of its next quantiles: γ of Gibbs and Candès, 0 for not
 *     at all
 */
public record ConformalOptions(int windows, double halfLife, float lowerBound, double rate) {
    /** By docs/measurements/combination.md: smaller rates follow changes too late, larger ones widen intervals. */
    private static final double RATE = 0.01;
    private static final int WINDOWS = 500;
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
        if (!(rate >= 0 && rate < 1)) throw new IllegalArgumentException("rate " + rate + ": expected 0 to 1");
    }

    /** The last 500 windows, all alike, no bound, rate 0.01. */
    public static ConformalOptions defaults() {
        return new ConformalOptions(WINDOWS, Double.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, RATE);
    }

    public ConformalOptions withWindows(int count) {
        return new ConformalOptions(count, halfLife, lowerBound, rate);
    }

    public ConformalOptions withHalfLife(double windowCount) {
        return new ConformalOptions(windows, windowCount, lowerBound, rate);
    }

    public ConformalOptions withLowerBound(float bound) {
        return new ConformalOptions(windows, halfLife, bound, rate);
    }

    public ConformalOptions withRate(double gamma) {
        return new ConformalOptions(windows, halfLife, lowerBound, gamma);
    }
}
