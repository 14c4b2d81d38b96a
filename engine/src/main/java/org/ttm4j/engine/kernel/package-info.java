/**
 * The kernel interfaces, one for each family of kernels, which state formula, layout and source.
 * {@link org.ttm4j.engine.kernel.Kernels} is one complete set; {@link org.ttm4j.engine.KernelSelection} provides the
 * sets.
 */
package org.ttm4j.engine.kernel;
