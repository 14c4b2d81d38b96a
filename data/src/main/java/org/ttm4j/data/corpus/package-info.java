/**
 * A corpus to pre-train forecasters on: many univariate series in one file that training memory-maps. Start with
 * {@link org.ttm4j.data.corpus.CorpusBuilder}, which makes the file from a manifest of CSV files, and
 * {@link org.ttm4j.data.corpus.Corpus}, which reads it; {@link org.ttm4j.data.corpus.CorpusReport} says what was kept,
 * what was dropped and why.
 */
package org.ttm4j.data.corpus;
