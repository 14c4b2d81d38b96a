package org.ttm4j.data.corpus;

import java.util.Arrays;

/**
 * Finds stuck sensors: long runs of one value. A run is removed when it has more than 64 observations and lasts more
 * than a day. A tank that is empty or full is no stuck sensor, so that a run of zeros, or of the smallest or largest
 * value of the channel, is removed only when it has more than 200 observations and lasts more than three days. Missing
 * steps do not end a run.
 */
final class FlatRuns {
    private static final int LONGEST = 64;
    private static final int LONGEST_AT_REST = 200;
    private static final int DAYS_AT_REST = 3;
    private static final long SECONDS_PER_DAY = 86_400;

    private final double[] values;
    private final double least;
    private final double most;
    private final long longest;
    private final long longestAtRest;
    private int runs;
    private int observations;

    private FlatRuns(double[] values, long resolutionSeconds) {
        this.values = values;
        least = Arrays.stream(values).filter(v -> !Double.isNaN(v)).min().orElse(0);
        most = Arrays.stream(values).filter(v -> !Double.isNaN(v)).max().orElse(0);
        long day = Math.ceilDiv(SECONDS_PER_DAY, resolutionSeconds);
        longest = Math.max(LONGEST, day);
        longestAtRest = Math.max(LONGEST_AT_REST, DAYS_AT_REST * day);
    }

    /** Makes the values in the flat runs of a channel NaN, and returns the runs found. */
    static FlatRuns remove(double[] values, long resolutionSeconds) {
        FlatRuns flat = new FlatRuns(values, resolutionSeconds);
        int start = 0;
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) continue;
            if (count == 0 || values[i] != values[start]) {
                flat.end(start, i, count);
                start = i;
                count = 0;
            }
            count++;
        }
        flat.end(start, values.length, count);
        return flat;
    }

    int runs() {
        return runs;
    }

    int observations() {
        return observations;
    }

    private void end(int from, int to, int count) {
        if (count == 0) return;
        double value = values[from];
        boolean rest = value == 0 || value == least || value == most;
        if (count > (rest ? longestAtRest : longest)) {
            Arrays.fill(values, from, to, Double.NaN);
            runs++;
            observations += count;
        }
    }
}
