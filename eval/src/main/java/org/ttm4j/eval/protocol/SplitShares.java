package org.ttm4j.eval.protocol;

/**
 * A split by shares of the rows: the first int(train · n) rows are for training, the last int(test · n) for test, the
 * rows between for validation.
 */
public record SplitShares(double train, double validation, double test) implements SplitRule {
    private static final double ROUNDING = 1e-6;

    /** @throws IllegalArgumentException unless all are above 0 and their sum is 1 */
    public SplitShares {
        if (!(train > 0 && validation > 0 && test > 0 && Math.abs(train + validation + test - 1) < ROUNDING)) {
            throw new IllegalArgumentException(
                    "expected shares above 0 that add up to 1, found " + train + ", " + validation + " and " + test);
        }
    }

    @Override
    public Split split(int rows, int context, int horizon) {
        return Split.of(rows, (int) (train * rows), (int) (test * rows), context, horizon);
    }

    /** For example {@code 0.5,0.25,0.25}. */
    @Override
    public String toString() {
        return train + "," + validation + "," + test;
    }
}
