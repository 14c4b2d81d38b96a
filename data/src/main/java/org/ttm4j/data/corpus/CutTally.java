package org.ttm4j.data.corpus;

/**
 * What {@link CorpusBuilder} read and what it dropped, in observations unless said otherwise. The observations kept are
 * those read less all that were dropped.
 *
 * @param channels the channels read
 * @param read the observations read
 * @param outliers dropped as absurd values
 * @param flat dropped in flat stretches
 * @param flatRuns the number of flat stretches
 * @param tooShort dropped in pieces that are too short
 * @param shortPieces the number of such pieces
 * @param mostlyMissing dropped in pieces that are mostly missing
 * @param sparsePieces the number of such pieces
 */
public record CutTally(int channels, long read, long outliers, long flat, int flatRuns, long tooShort, int shortPieces,
        long mostlyMissing, int sparsePieces) {
    static final CutTally NOTHING = new CutTally(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** @throws IllegalArgumentException when a count is negative or more was dropped than read */
    public CutTally {
        long dropped = outliers + flat + tooShort + mostlyMissing;
        boolean negative = (channels | read | outliers | flat | flatRuns | tooShort | shortPieces | mostlyMissing
                | sparsePieces | dropped) < 0;
        if (negative || dropped > read) {
            throw new IllegalArgumentException(
                    "dropped " + dropped + " of " + read + " observations in " + channels + " channels");
        }
    }

    /** The observations kept. */
    public long kept() {
        return read - outliers - flat - tooShort - mostlyMissing;
    }

    /** Both tallies together. */
    public CutTally plus(CutTally other) {
        return new CutTally(channels + other.channels, read + other.read, outliers + other.outliers, flat + other.flat,
                flatRuns + other.flatRuns, tooShort + other.tooShort, shortPieces + other.shortPieces,
                mostlyMissing + other.mostlyMissing, sparsePieces + other.sparsePieces);
    }
}
