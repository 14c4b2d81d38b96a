package org.ttm4j.engine.vector;

/** The operands of a gate, for the {@link Step}s that it takes: of {@link org.ttm4j.engine.kernel.ActivationKernels#gate}. */
abstract class GateOperands {
    float[] y;
    int yOffset;
    /** The exponentials: in the place of p, or of the logits where p is not wanted. */
    float[] e;
    int eOffset;
    boolean keepsProbabilities;
    float[] x;
    int xOffset;
    float[] logits;
    int logitsOffset;
    float[] residual;
    int residualOffset;

    final void set(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset, float[] logits,
            int logitsOffset, float[] residual, int residualOffset) {
        this.y = y;
        this.yOffset = yOffset;
        keepsProbabilities = p != null;
        e = keepsProbabilities ? p : logits;
        eOffset = keepsProbabilities ? pOffset : logitsOffset;
        this.x = x;
        this.xOffset = xOffset;
        this.logits = logits;
        this.logitsOffset = logitsOffset;
        this.residual = residual;
        this.residualOffset = residualOffset;
    }

    /** Moves all offsets. */
    final void advance(int size) {
        yOffset += size;
        eOffset += size;
        xOffset += size;
        logitsOffset += size;
        residualOffset += size;
    }

    /** Lets go of the operands: a thread, to which this belongs, may outlive them. */
    final void forget() {
        set(null, 0, null, 0, null, 0, null, 0, null, 0);
    }
}
