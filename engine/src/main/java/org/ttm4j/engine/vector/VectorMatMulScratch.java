package org.ttm4j.engine.vector;

import org.ttm4j.engine.shared.PerThread;

/** The working memory of {@link VectorMatMul} per thread. It grows as needed; a warm call allocates nothing. */
final class VectorMatMulScratch {
    private static final PerThread<VectorMatMulScratch> LOCAL = new PerThread<>(VectorMatMulScratch::new);

    /** An output tile that extends past the last column. */
    final float[] tile = new float[VectorMatMulPanels.TILE_ROWS * VectorMatMulPanels.MAX_COLUMNS];

    private float[] panel = {};
    private float[] accumulators = {};

    private VectorMatMulScratch() {}

    static VectorMatMulScratch local() {
        return LOCAL.get();
    }

    /** Memory for a copy of an operand: at least {@code size} floats of undefined content. */
    float[] panel(int size) {
        if (panel.length < size) {
            panel = new float[size];
        }
        return panel;
    }

    /** Memory for initial values or partial sums of outputs: at least {@code size} floats of undefined content. */
    float[] accumulators(int size) {
        if (accumulators.length < size) {
            accumulators = new float[size];
        }
        return accumulators;
    }
}
