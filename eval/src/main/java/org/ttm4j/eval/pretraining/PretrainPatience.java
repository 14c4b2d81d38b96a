package org.ttm4j.eval.pretraining;

/**
 * Detects that validation has stopped improving. Ratios are compared after rounding to the five digits of the log, so
 * that a resumed run decides in the same way as an uninterrupted one. Not thread-safe.
 */
final class PretrainPatience {
    private static final double DIGITS = 1e5;

    private final long most;
    private long best = Long.MAX_VALUE;
    private long without;

    /** {@code most} is the number of successive validations that may bring no improvement; 0 for any number. */
    PretrainPatience(long most) {
        this.most = most;
    }

    boolean on() {
        return most > 0;
    }

    /** Adds the next validation ratio; true if it is the best so far. NaN is ignored. */
    boolean improvedBy(double ratio) {
        if (Double.isNaN(ratio)) return false;
        long rounded = Math.min(Math.round(ratio * DIGITS), Long.MAX_VALUE - 1);
        without = rounded < best ? 0 : without + 1;
        if (without > 0) return false;
        best = rounded;
        return true;
    }

    boolean exhausted() {
        return on() && without >= most;
    }
}
