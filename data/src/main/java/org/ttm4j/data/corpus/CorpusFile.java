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
}
