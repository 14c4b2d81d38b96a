/**
 * The kernels in plain Java, written so that C2 vectorises their loops: what runs without the module
 * {@code jdk.incubator.vector}, and while the vector kernels are not compiled yet. The formulas are in
 * {@link org.ttm4j.engine.reference}. The package is not exported; {@link org.ttm4j.engine.KernelSelection} chooses a set.
 */
package org.ttm4j.engine.scalar;
