package org.ttm4j.autograd.nn;

import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.Affine;

/** y = x·Wᵀ + b over the last axis. Keys: {@code weight [out, in]}, {@code bias [out]}. */
public final class Linear extends Layer {
    private final Parameter weight;
    private final Parameter bias;

    public Linear(int in, int out) {
        weight = parameter("weight", Parameter.Kind.TRAINED, out, in);
        bias = parameter("bias", Parameter.Kind.TRAINED, out);
    }

    public Parameter weight() {
        return weight;
    }

    public Parameter bias() {
        return bias;
    }

    /** x: [..., in] → [..., out]. */
    public Tensor forward(Tensor x) {
        return Affine.of(x, weight, bias);
    }

    /** gelu(x·Wᵀ + b). */
    public Tensor forwardGelu(Tensor x) {
        return Affine.gelu(x, weight, bias);
    }
}
