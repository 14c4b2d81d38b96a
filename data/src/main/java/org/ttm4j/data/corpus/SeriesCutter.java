package org.ttm4j.data.corpus;

/**
 * Cuts the channels of one file to series, by the rules of {@linkplain org.ttm4j.data.corpus this package}. Not
 * thread-safe.
 */
final class SeriesCutter {
    static final int LONGEST_GAP = 64;
    static final int FEWEST_OBSERVATIONS = 64;

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

    /** Receives the series of a channel. */
    interface Sink {
        /** A standardised series: {@code length} values of a channel from {@code start}, NaN where missing. */
        void accept(String channel, double[] values, int start, int length, int observed);
    }

    SeriesCutter(long resolutionSeconds, Sink sink) {
        this.resolutionSeconds = resolutionSeconds;
        this.sink = sink;
    }

    /** The numbers of observations read and dropped so far. */
    CutTally tally() {
        return new CutTally(channels, read, outliers, flat, flatRuns, tooShort, shortPieces, mostlyMissing,
                sparsePieces);
    }

    /** Cuts one channel, in which NaN is missing, and overwrites the values. */
    void cut(String channel, double[] values) {
        channels++;
        read += count(values, 0, values.length);
        outliers += Outliers.remove(values);
        FlatRuns stuck = FlatRuns.remove(values, resolutionSeconds);
        flat += stuck.observations();
        flatRuns += stuck.runs();
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
        int observed = 0;
        for (int i = start; i < start + length; i++) observed += Double.isNaN(values[i]) ? 0 : 1;
        return observed;
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
}
