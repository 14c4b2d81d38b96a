package org.ttm4j.data.corpus;

/**
 * A source file of the corpus.
 *
 * @param dataset the data set the file belongs to
 * @param name the file's path relative to the manifest
 * @param licence the licence as the manifest states it
 * @param resolutionSeconds the seconds between two steps; for calendar steps such as months their mean number
 * @param tally the numbers of observations read from the file and dropped
 */
public record CorpusFile(String dataset, String name, String licence, long resolutionSeconds, CutTally tally) {
    /** @throws IllegalArgumentException when the resolution is not positive */
    public CorpusFile {
        if (resolutionSeconds <= 0) {
            throw new IllegalArgumentException("expected a resolution above 0 seconds, found " + resolutionSeconds);
        }
    }

    /**
     * The numbers of observations that {@link CorpusBuilder} read and dropped. All others were kept. Immutable.
     *
     * @param channels the number of channels read
     * @param read the observations read
     * @param outliers the observations dropped as outliers
     * @param flat the observations dropped in flat stretches
     * @param flatRuns the number of flat stretches
     * @param tooShort the observations dropped in pieces that are too short
     * @param shortPieces the number of pieces that are too short
     * @param mostlyMissing the observations dropped in pieces that are mostly missing
     * @param sparsePieces the number of pieces that are mostly missing
     */
    public record CutTally(int channels, long read, long outliers, long flat, int flatRuns, long tooShort,
            int shortPieces, long mostlyMissing, int sparsePieces) {
        static final CutTally NOTHING = new CutTally(0, 0, 0, 0, 0, 0, 0, 0, 0);

        /** @throws IllegalArgumentException when a count is negative or more was dropped than read */
        public CutTally {
            long dropped = outliers + flat + tooShort + mostlyMissing;
            boolean negative = (channels | read | outliers | flat | flatRuns | tooShort | shortPieces | mostlyMissing
                    | sparsePieces | dropped) < 0;
            if (negative || dropped > read) {
                throw new IllegalArgumentException(
                        "expected counts of at least 0 that drop no more than was read, found " + dropped + " of "
                                + read + " observations dropped in " + channels + " channels");
            }
        }

        /** The number of observations kept. */
        public long kept() {
            return read - outliers - flat - tooShort - mostlyMissing;
        }

        /** The sum of both tallies. */
        public CutTally plus(CutTally other) {
            return new CutTally(channels + other.channels, read + other.read, outliers + other.outliers,
                    flat + other.flat, flatRuns + other.flatRuns, tooShort + other.tooShort,
                    shortPieces + other.shortPieces, mostlyMissing + other.mostlyMissing,
                    sparsePieces + other.sparsePieces);
        }
    }
}
