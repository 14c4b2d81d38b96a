package org.ttm4j.engine;

/**
 * Chooses the kernels of this JVM, once. Stub: being written.
 */
public final class KernelSelection {
    private KernelSelection() {}

    /** The set that this JVM chose. */
    public static Kernels active() {
        throw new UnsupportedOperationException();
    }
}
