/**
 * The kernels on the JDK Vector API, and the only package that uses {@code jdk.incubator.vector}. Start with
 * {@link org.ttm4j.engine.vector.Lanes}, which states what C2 needs to compile such code well, and read
 * {@link org.ttm4j.engine.vector.VectorMatMul} next. The formulas are in {@link org.ttm4j.engine.reference}. The package is
 * not exported; {@link org.ttm4j.engine.KernelSelection} chooses a set.
 */
package org.ttm4j.engine.vector;
