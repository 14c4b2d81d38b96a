package org.ttm4j.engine.vector;

import org.ttm4j.engine.shared.PerThread;

/** The working memory of {@link VectorMatMul}: one for each thread, grown as needed, so that a warm call allocates nothing. */
final class VectorMatMulScratch {
    private static final PerThread<VectorMatMulScratch> LOCAL = new PerThread<>(VectorMatMulScratch::new);

    /** An output tile that hangs over the last column. */
    final float[] tile = new float[VectorMatMulPanels.TILE_ROWS * VectorMatMulPanels.MAX_COLUMNS];

    private float[] panel = {};
    private float[] accumulators = {};

    private VectorMatMulScratch() {}

    static VectorMatMulScratch local() {
        return LOCAL.get();
    }

    /** Room for {@code size} floats of unknown content, for a copy of an operand. */
    float[] panel(int size) {
        if (panel.length < size) {
            panel = new float[size];
        }
        return panel;
    }

    /** Room for {@code size} floats of unknown content, for initial values or partial sums of outputs. */
    float[] accumulators(int size) {
        if (accumulators.length < size) {
            accumulators = new float[size];
        }
        return accumulators;
    }
}
