package org.ttm4j.data.corpus;

import java.util.Arrays;
import org.ttm4j.data.corpus.Corpus.CorpusFile.CutTally;
import org.ttm4j.data.corpus.Corpus.CorpusFile;

/**
 * Cuts the channels of one file to series, by the rules of {@linkplain org.ttm4j.data.corpus this package}. Not
 * thread-safe.
 */
final class SeriesCutter {
    static final int LONGEST_GAP = 64;
    static final int FEWEST_OBSERVATIONS = 64;
    private static final int LONGEST_FLAT = 64;
    private static final int LONGEST_AT_REST = 200;
    private static final int DAYS_AT_REST = 3;
    private static final long SECONDS_PER_DAY = 86_400;
    /** In robust standard deviations. */
    private static final double OUTLIER = 30;
    private static final double QUARTILES_PER_SIGMA = 1.349;
    private static final double PERCENTILES_PER_SIGMA = 4.653;
    private static final double SIGMA_PER_DEVIATION = Math.sqrt(Math.PI / 2);

    private final long resolutionSeconds;
    private final Sink sink;
    private int channels;
    private long read;
    private long outliers;
    private long flat;
    private int flatRuns;
    private long tooShort;
    private int shortPieces;
    private long mostlyMissing;
    private int sparsePieces;

    interface Sink {
        /** A standardised series: {@code length} values of a channel from {@code start}, NaN where missing. */
        void accept(String channel, double[] values, int start, int length, int observed);
    }

    SeriesCutter(long resolutionSeconds, Sink sink) {
        this.resolutionSeconds = resolutionSeconds;
        this.sink = sink;
    }

    /** The numbers of observations read and dropped so far. */
    CorpusFile.CutTally tally() {
        return new CorpusFile.CutTally(channels, read, outliers, flat, flatRuns, tooShort, shortPieces, mostlyMissing,
                sparsePieces);
    }

    /** Cuts one channel, in which NaN is missing, and overwrites the values. */
    void cut(String channel, double[] values) {
        channels++;
        read += count(values, 0, values.length);
        removeOutliers(values);
        removeFlatRuns(values);
        int start = -1;
        int last = -1;
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) continue;
            if (start >= 0 && i - last - 1 > LONGEST_GAP) {
                piece(channel, values, start, last - start + 1);
                start = i;
            }
            start = start < 0 ? i : start;
            last = i;
        }
        if (start >= 0) piece(channel, values, start, last - start + 1);
    }

    private void piece(String channel, double[] values, int start, int length) {
        int observed = count(values, start, length);
        if (observed < FEWEST_OBSERVATIONS) {
            tooShort += observed;
            shortPieces++;
        } else if (observed * 2L < length) {
            mostlyMissing += observed;
            sparsePieces++;
        } else if (!standardise(values, start, length, observed)) {
            flat += observed;
            flatRuns++;
        } else {
            sink.accept(channel, values, start, length, observed);
        }
    }

    private static int count(double[] values, int start, int length) {
        return (int) Arrays.stream(values, start, start + length).filter(value -> !Double.isNaN(value)).count();
    }

    /** Overwrites a piece with (x − mean) / std, std biased. False, and no change, when all values are the same. */
    private static boolean standardise(double[] values, int start, int length, int observed) {
        // Differences from the first value keep the digits of a series that varies little around a large number.
        double origin = values[start];
        double sum = 0;
        for (int i = start; i < start + length; i++) sum += Double.isNaN(values[i]) ? 0 : values[i] - origin;
        double mean = sum / observed;
        double squares = 0;
        for (int i = start; i < start + length; i++) {
            double deviation = values[i] - origin - mean;
            squares += Double.isNaN(deviation) ? 0 : deviation * deviation;
        }
        double std = Math.sqrt(squares / observed);
        if (!(std > 0)) return false;
        for (int i = start; i < start + length; i++) values[i] = (values[i] - origin - mean) / std;
        return true;
    }

    /** Makes what stuck sensors show missing, by rule 2 of the package; missing steps do not end a run. */
    private void removeFlatRuns(double[] values) {
        double least = Arrays.stream(values).filter(v -> !Double.isNaN(v)).min().orElse(0);
        double most = Arrays.stream(values).filter(v -> !Double.isNaN(v)).max().orElse(0);
        long day = Math.ceilDiv(SECONDS_PER_DAY, resolutionSeconds);
        int start = 0;
        int count = 0;
        for (int i = 0; i <= values.length; i++) {
            if (i < values.length && Double.isNaN(values[i])) continue;
            if (count > 0 && (i == values.length || values[i] != values[start])) {
                boolean rest = values[start] == 0 || values[start] == least || values[start] == most;
                if (count > (rest ? Math.max(LONGEST_AT_REST, DAYS_AT_REST * day) : Math.max(LONGEST_FLAT, day))) {
                    Arrays.fill(values, start, i, Double.NaN);
                    flatRuns++;
                    flat += count;
                }
                count = 0;
            }
            if (count++ == 0) start = i;
        }
    }

    /**
     * Makes outliers missing: values that are further from the median of the channel than 30 robust standard deviations.
     *
     * <p>The robust standard deviation is the largest of three estimates, each of which equals the standard deviation for
     * normally distributed values: the interquartile range / 1.349, the range from 1 % to 99 % / 4.653, and 1.2533 × the
     * mean absolute deviation from the median. By the first alone, every event of a channel that mostly rests, such as
     * rain, would be an outlier. The other two include rare but real events, and still expose wrong values that are fewer
     * than one in a hundred.
     */
    private void removeOutliers(double[] values) {
        double[] sorted = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
        if (sorted.length == 0) return;
        double median = quantile(sorted, 0.5);
        double limit = limit(sorted, median);
        for (int i = 0; i < values.length; i++) {
            if (Math.abs(values[i] - median) > limit) {
                values[i] = Double.NaN;
                outliers++;
            }
        }
    }

    /** The distance from the median beyond which a value is an outlier. */
    private static double limit(double[] sorted, double median) {
        double quartiles = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / QUARTILES_PER_SIGMA;
        double percentiles = (quantile(sorted, 0.99) - quantile(sorted, 0.01)) / PERCENTILES_PER_SIGMA;
        double limit = Double.POSITIVE_INFINITY;
        int within = Integer.MAX_VALUE;
        int before;
        // One enormous value can raise the mean deviation enough to hide others: repeat without it.
        do {
            before = within;
            double sum = 0;
            within = 0;
            for (double value : sorted) {
                double deviation = Math.abs(value - median);
                if (deviation <= limit) {
                    sum += deviation;
                    within++;
                }
            }
            limit = OUTLIER * Math.max(SIGMA_PER_DEVIATION * sum / within, Math.max(quartiles, percentiles));
        } while (within < before);
        return limit;
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) (share * (sorted.length - 1))];
    }
}
