package org.ttm4j.engine;

/**
 * One complete set of kernels, a member per family. {@link KernelSelection#active()} is the set this JVM chose.
 * Immutable and thread-safe.
 *
 * @param name {@code scalar} or {@code vector}
 */
public record Kernels(String name, MatMulKernels matMul, NormKernels norm, ActivationKernels activation,
        ElementwiseKernels elementwise, AttentionKernels attention, LossKernels loss, OptimizerKernels optimizer) {}
