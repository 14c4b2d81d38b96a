/**
 * Corpora to pre-train forecasters on: many univariate series in one file that training memory-maps. Start with
 * {@link org.ttm4j.data.corpus.CorpusBuilder}, which makes the file from a manifest of CSV files, and with
 * {@link org.ttm4j.data.corpus.Corpus}, which reads it. {@link org.ttm4j.data.corpus.CorpusBuilder.CorpusReport} says how
 * much was kept, how much was dropped and why.
 *
 * <p>Each channel of a file becomes no, one or several series, in this order:
 * <ol>
 * <li>values more than 30 robust standard deviations from the median of the channel become missing;
 * <li>stuck sensors become missing: more than 64 equal values in a row that last more than a day, or, where the value
 * is zero or the channel's smallest or largest, more than 200 that last more than three days;
 * <li>missing ends are cut off, and more than 64 missing steps in a row split the channel;
 * <li>pieces with fewer than 64 observations, or with less than half of their steps observed, are dropped;
 * <li>each piece is standardised to mean 0 and standard deviation 1; a piece of a single value is dropped.
 * </ol>
 */
package org.ttm4j.data.corpus;
