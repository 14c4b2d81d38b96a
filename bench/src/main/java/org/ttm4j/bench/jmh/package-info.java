/**
 * The JMH benchmarks: a class a family of kernels, on the shapes of the published 512-96 model, and the whole model.
 * {@code bin/bench --full} runs all. One family alone, after a build:
 *
 * <pre>{@code
 * java --add-modules jdk.incubator.vector \
 *     -cp "bench/target/bench.jar:bench/target/lib/*:$(cat bench/target/classpath)" \
 *     org.openjdk.jmh.Main FeatureProduct -p kernels=vector
 * }</pre>
 */
package org.ttm4j.bench.jmh;
