/**
 * The JMH benchmarks: kernels on the shapes of the published 512-96 model, and the whole model.
 * {@code bin/bench --full} runs all. One alone, after a build:
 *
 * <pre>{@code
 * java --add-modules jdk.incubator.vector \
 *     -cp "bench/target/bench.jar:bench/target/lib/*:$(cat bench/target/classpath)" \
 *     org.openjdk.jmh.Main LayerBenchmark -p kernel=gate
 * }</pre>
 */
package org.ttm4j.bench.jmh;
