package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.op.Concat;
import org.ttm4j.autograd.op.Expand;
import org.ttm4j.engine.Shape;

/** Learned tokens {@code patch_tokens [R, D]}, the same for every series, which the mixers can use as memory. */
final class RegisterTokens extends Layer {
    final Parameter tokens;

    RegisterTokens(int count, int d) {
        tokens = parameter("patch_tokens", Parameter.Kind.TRAINED, count, d);
    }

    /** x [B, C, P, D] → [B, C, R + P, D]. */
    Tensor forward(Tensor x) {
        Shape s = x.shape();
        Tensor rows = x.graph().leaf(tokens).reshape(1, tokens.shape().size());
        Tensor registers = Expand.of(rows, 0, s.dim(0) * s.dim(1)); // [B·C, R·D]
        return shown(Concat.of(2, registers.reshape(s.with(2, tokens.shape().dim(0)).toArray()), x));
    }
}
