package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.Unfold;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TtmConfig;

/** Cuts each series into patches: [B, C, L] → [B, C, P, length]. First steps that do not fill a patch are dropped. */
public final class Patchify {
    private Patchify() {}

    /** The patches of x; their number and length are those of the configuration. */
    public static Tensor patches(TtmConfig config, Tensor x) {
        int count = config.numPatchesWithoutPrefix();
        int length = config.patchLength();
        int stride = config.patchStride();
        Shape shape = x.shape();
        int start = shape.dim(-1) - (length + stride * (count - 1));
        if (stride == length && start == 0) return x.reshape(shape.dim(0), shape.dim(1), count, length);
        return Unfold.of(x, start, count, length, stride);
    }
}
