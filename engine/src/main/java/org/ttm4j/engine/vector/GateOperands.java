package org.ttm4j.engine.vector;

/** The operands of {@link org.ttm4j.engine.kernel.ActivationKernels#gate}, which its {@link Lanes.Step}s share. */
abstract class GateOperands {
    float[] y;
    int yOffset;
    /** The exponentials. They are stored in p, or in the logits if p is null. */
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

    /** Adds {@code size} to all offsets. */
    final void advance(int size) {
        yOffset += size;
        eOffset += size;
        xOffset += size;
        logitsOffset += size;
        residualOffset += size;
    }

    /** Drops the references to the operands, because the thread that keeps this object may outlive them. */
    final void forget() {
        set(null, 0, null, 0, null, 0, null, 0, null, 0);
    }
}
