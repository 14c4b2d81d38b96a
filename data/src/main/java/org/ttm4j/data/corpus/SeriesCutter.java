package org.ttm4j.data.corpus;

/**
 * Cuts channels to series that are worth learning from. In this order:
 * <ol>
 * <li>absurd values become missing ({@link Outliers});
 * <li>flat stretches become missing ({@link FlatRuns});
 * <li>missing steps at both ends are cut off, and more than 64 of them in a row split the channel;
 * <li>a piece with fewer than 64 observations is dropped as too short, one with less than half of its steps observed
 * as mostly missing, and one of a single value as flat;
 * <li>each piece is standardised by the mean and the standard deviation of its observations.
 * </ol>
 * Not thread-safe: one cutter for one file.
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

    /** What was read and dropped so far. */
    CutTally tally() {
        return new CutTally(channels, read, outliers, flat, flatRuns, tooShort, shortPieces, mostlyMissing,
                sparsePieces);
    }

    /** Cuts one channel, NaN where missing; overwrites its values. */
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

    /** Overwrites a piece with (x − mean) / std, std biased; false, and nothing changed, if it is a single value. */
    private static boolean standardise(double[] values, int start, int length, int observed) {
        // Deviations from the first value keep the digits of a series that varies little around a large number.
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
