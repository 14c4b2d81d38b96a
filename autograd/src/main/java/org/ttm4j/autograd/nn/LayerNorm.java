package org.ttm4j.autograd.nn;

import java.util.Arrays;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.LayerNormalization;

/** LayerNorm over the last axis of size d. Keys: {@code weight [d]} (ones), {@code bias [d]}. */
public final class LayerNorm extends Layer {
    private final Parameter weight;
    private final Parameter bias;
    private final float eps;

    /** LayerNorm of d features; {@code eps} is added to variances. */
    public LayerNorm(int d, float eps) {
        weight = parameter("weight", Parameter.Kind.TRAINED, d);
        bias = parameter("bias", Parameter.Kind.TRAINED, d);
        this.eps = eps;
        Arrays.fill(weight.value(), 1);
    }

    /** x: [..., d] → [..., d]. */
    public Tensor forward(Tensor x) {
        return shown(LayerNormalization.of(x, weight, bias, eps));
    }
}
