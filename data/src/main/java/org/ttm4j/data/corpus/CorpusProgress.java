package org.ttm4j.data.corpus;

import java.time.Duration;

/**
 * The progress of the building of a corpus, after another file is finished.
 *
 * @param filesDone the number of finished files, including those of an earlier, interrupted run
 * @param files the number of all files
 * @param series the number of series kept so far
 * @param observations the number of observations kept so far
 * @param remaining the remaining time, estimated from the sizes of the files
 */
public record CorpusProgress(int filesDone, int files, long series, long observations, Duration remaining) {}
