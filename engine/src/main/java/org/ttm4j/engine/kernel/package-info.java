/**
 * What kernels compute: an interface a family, with formula, layout and source. {@link org.ttm4j.engine.kernel.Kernels} is
 * one complete set; {@link org.ttm4j.engine.KernelSelection} has the sets.
 */
package org.ttm4j.engine.kernel;
