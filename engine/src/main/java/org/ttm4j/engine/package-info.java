/**
 * The float32 kernels that everything above computes with. Start with {@link org.ttm4j.engine.reference}, where each is
 * the plainest loop, and with {@link org.ttm4j.engine.KernelSelection}, which says what this JVM runs on. Each
 * {@code …Kernels} interface is one family, with the formula, layout and aliasing rules of every kernel. Kernels take
 * arrays and sizes and check nothing: the typed layer above checks shapes once.
 */
package org.ttm4j.engine;
