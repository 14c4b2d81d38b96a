/**
 * The kernels in plain Java, written so that C2 vectorises their loops. They run without the module
 * {@code jdk.incubator.vector}, and until the vector kernels are compiled. The formulas are in
 * {@link org.ttm4j.engine.reference}. The package is not exported; {@link org.ttm4j.engine.KernelSelection} chooses a
 * set.
 */
package org.ttm4j.engine.scalar;
