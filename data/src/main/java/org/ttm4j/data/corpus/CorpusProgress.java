package org.ttm4j.data.corpus;

import java.time.Duration;

/**
 * How far the building of a corpus has come, after another file is done.
 *
 * @param filesDone the files done, those of an earlier, interrupted run included
 * @param files all files
 * @param series the series kept so far
 * @param observations the observations kept so far
 * @param remaining the time left, estimated from the sizes of the files
 */
public record CorpusProgress(int filesDone, int files, long series, long observations, Duration remaining) {}
