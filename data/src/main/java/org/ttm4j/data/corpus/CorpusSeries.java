package org.ttm4j.data.corpus;

/**
 * A univariate series of the corpus: a piece of one channel of one file.
 *
 * @param file the source file
 * @param name the name of the channel in that file
 * @param firstStep the row of the file, counted from 0, at which the series begins
 * @param length the number of steps, including missing ones; the first and the last are observed
 * @param observed the number of steps that have a value
 */
public record CorpusSeries(CorpusFile file, String name, int firstStep, int length, int observed) {
    /** @throws IllegalArgumentException unless 0 ≤ {@code firstStep} and 1 ≤ {@code observed} ≤ {@code length} */
    public CorpusSeries {
        if (firstStep < 0 || observed < 1 || length < observed) {
            throw new IllegalArgumentException(
                    "a series from step " + firstStep + " with " + observed + " observations in " + length + " steps");
        }
    }

    /** The data set the series belongs to. */
    public String dataset() {
        return file.dataset();
    }

    /** The seconds between two steps; for calendar steps such as months their mean number. */
    public long resolutionSeconds() {
        return file.resolutionSeconds();
    }
}
