package org.ttm4j.autograd.nn;

import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.Affine;
import org.ttm4j.autograd.op.LeftAffine;

/** x·Wᵀ + b over the last axis, or W·x + b over the second last. Keys: {@code weight [out, in]}, {@code bias [out]}. */
public final class Linear extends Layer {
    private final Parameter weight;
    private final Parameter bias;

    /** A linear map from {@code in} to {@code out} features. Weights are zeros until they are initialised or loaded. */
    public Linear(int in, int out) {
        weight = parameter("weight", Parameter.Kind.TRAINED, out, in);
        bias = parameter("bias", Parameter.Kind.TRAINED, out);
    }

    /** The weight, [out, in]. */
    public Parameter weight() {
        return weight;
    }

    /** The bias, [out]. */
    public Parameter bias() {
        return bias;
    }

    /** x: [..., in] → [..., out]. */
    public Tensor forward(Tensor x) {
        return shown(Affine.of(x, weight, bias));
    }

    /** gelu(x·Wᵀ + b). */
    public Tensor forwardGelu(Tensor x) {
        return shown(Affine.gelu(x, weight, bias));
    }

    /** Over the second last axis, x: [..., in, d] → [..., out, d], without a transpose. */
    public Tensor forwardLeft(Tensor x) {
        return shown(LeftAffine.of(x, weight, bias));
    }

    /** gelu(W·x + b) over the second last axis. */
    public Tensor forwardLeftGelu(Tensor x) {
        return shown(LeftAffine.gelu(x, weight, bias));
    }
}
