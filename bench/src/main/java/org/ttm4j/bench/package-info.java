/**
 * Speed, against the libraries a user would pick otherwise. {@link org.ttm4j.bench.Main} is what {@code bin/bench} runs;
 * {@link org.ttm4j.bench.Comparison} is its short version, with a timing loop of its own because peers have to be timed
 * in turns with this library; {@code org.ttm4j.bench.jmh} holds the JMH benchmarks of the long one.
 */
package org.ttm4j.bench;
