/**
 * The float32 kernels that all higher modules compute with. Start with {@link org.ttm4j.engine.reference}, where each
 * kernel is a plain loop, and with {@link org.ttm4j.engine.KernelSelection}, which chooses the kernels for this JVM.
 * Each {@code …Kernels} interface is one family, with the formula, layout and aliasing rules of every kernel. Kernels
 * take arrays and sizes and check nothing: the operations of the module autograd check shapes once, when they are
 * recorded.
 */
package org.ttm4j.engine;
