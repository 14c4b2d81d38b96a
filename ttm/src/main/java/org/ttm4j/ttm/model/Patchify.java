package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.Unfold;
import org.ttm4j.engine.Shape;

/** Cuts each series into patches: [B, C, L] → [B, C, P, length]. Steps that do not fill a patch are dropped in front. */
public final class Patchify {
    private Patchify() {}

    public static Tensor patches(Tensor x, int count, int length, int stride) {
        Shape shape = x.shape();
        int start = shape.dim(-1) - (length + stride * (count - 1));
        if (stride == length && start == 0) return x.reshape(shape.dim(0), shape.dim(1), count, length);
        return Unfold.of(x, start, count, length, stride);
    }
}
