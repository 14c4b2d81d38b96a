package org.ttm4j.engine.kernel;

/**
 * One complete set of kernels, one component for each family. {@code KernelSelection.active()} is the set that this JVM
 * chose. Immutable and thread-safe.
 *
 * @param name {@code reference}, {@code scalar} or {@code vector}
 * @param matMul matrix products
 * @param norm normalisations, and the scaling of series
 * @param activation GELU and the gates
 * @param elementwise maps, sums, copies and dropout
 * @param attention self-attention
 * @param loss losses
 * @param optimizer steps of an optimiser
 * @param series operations on whole series: halving the resolution, Fourier frequencies, smoothing
 */
public record Kernels(String name, MatMulKernels matMul, NormKernels norm, ActivationKernels activation,
        ElementwiseKernels elementwise, AttentionKernels attention, LossKernels loss, OptimizerKernels optimizer,
        SeriesKernels series) {}
