package org.ttm4j.autograd.nn;

import java.util.Arrays;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.BatchNormalization;

/**
 * BatchNorm over the last axis of size d, with one mean and variance per feature. Keys: {@code weight}, {@code bias},
 * {@code running_mean}, {@code running_var} [d], and the counter {@code num_batches_tracked} [].
 */
public final class BatchNorm extends Layer {
    private final Parameter weight;
    private final Parameter bias;
    private final Parameter runningMean;
    private final Parameter runningVariance;
    private final Parameter batches;
    private final float eps;

    /** BatchNorm of d features; {@code eps} is added to variances. */
    public BatchNorm(int d, float eps) {
        weight = parameter("weight", Parameter.Kind.TRAINED, d);
        bias = parameter("bias", Parameter.Kind.TRAINED, d);
        runningMean = parameter("running_mean", Parameter.Kind.BUFFER, d);
        runningVariance = parameter("running_var", Parameter.Kind.BUFFER, d);
        batches = parameter("num_batches_tracked", Parameter.Kind.COUNTER);
        this.eps = eps;
        Arrays.fill(weight.value(), 1);
        Arrays.fill(runningVariance.value(), 1);
    }

    /** x: [..., d] → [..., d]. */
    public Tensor forward(Tensor x) {
        return shown(BatchNormalization.of(x, weight, bias, runningMean, runningVariance, batches, eps));
    }
}
