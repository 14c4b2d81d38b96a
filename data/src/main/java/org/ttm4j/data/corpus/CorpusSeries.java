package org.ttm4j.data.corpus;

import java.util.Objects;

/**
 * A univariate series of the corpus: a piece of one channel of one file.
 *
 * @param file the file it comes from
 * @param name the channel's name in that file
 * @param firstStep the row of the file, from 0, that the series begins at
 * @param length its steps, missing ones included; the first and the last are observed
 * @param observed the steps that have a value
 */
public record CorpusSeries(CorpusFile file, String name, int firstStep, int length, int observed) {
    /** @throws IllegalArgumentException when the numbers cannot belong to a series */
    public CorpusSeries {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(name, "name");
        if (firstStep < 0 || observed < 1 || length < observed) {
            throw new IllegalArgumentException(
                    "a series from step " + firstStep + " with " + observed + " observations in " + length + " steps");
        }
    }

    /** The data set the series belongs to. */
    public String dataset() {
        return file.dataset();
    }

    /** Seconds from step to step; for calendar steps such as months the nominal number. */
    public long resolutionSeconds() {
        return file.resolutionSeconds();
    }
}
