/**
 * The float32 kernels that everything above computes with. Start with {@link org.ttm4j.engine.KernelSelection}, which
 * says what this JVM runs on; each {@code …Kernels} interface is one family, with the formula, layout and aliasing
 * rules of every kernel. Kernels take arrays, offsets and sizes and check nothing but {@code assert}ions: the typed
 * layer above checks shapes once.
 */
package org.ttm4j.engine;
