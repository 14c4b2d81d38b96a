package org.ttm4j.engine;

import org.ttm4j.engine.scalar.ScalarActivation;
import org.ttm4j.engine.scalar.ScalarAttention;
import org.ttm4j.engine.scalar.ScalarElementwise;
import org.ttm4j.engine.scalar.ScalarLoss;
import org.ttm4j.engine.scalar.ScalarMatMul;
import org.ttm4j.engine.scalar.ScalarNorm;
import org.ttm4j.engine.scalar.ScalarOptimizer;

/** Chooses the kernels of this JVM, once. Thread-safe. */
public final class KernelSelection {
    private static final Kernels SCALAR = scalarKernels();

    private KernelSelection() {}

    /** The set that this JVM chose. */
    public static Kernels active() {
        return SCALAR;
    }

    /** The reference kernels in plain Java, which run on every JVM. */
    public static Kernels scalar() {
        return SCALAR;
    }

    private static Kernels scalarKernels() {
        ActivationKernels activation = new ScalarActivation();
        return new Kernels(
                "scalar",
                new ScalarMatMul(activation),
                new ScalarNorm(),
                activation,
                new ScalarElementwise(),
                new ScalarAttention(),
                new ScalarLoss(),
                new ScalarOptimizer());
    }
}
