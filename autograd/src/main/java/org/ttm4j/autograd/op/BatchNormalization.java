package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.kernel.NormKernels.FeatureStatistics;

/**
 * BatchNorm over the last axis: each feature is normalised over all other axes.
 * <pre>
 * x̂ = (x − mean)/√(var + eps),  y = x̂ ⊙ gain + bias
 * training:   mean and biased variance of the batch;  dx = gain/√(var + eps)·(dy − mean(dy) − x̂·mean(dy ⊙ x̂))
 * otherwise:  the running statistics;                 dx = gain/√(var + eps)·dy
 * </pre>
 * In training, forward also updates the running statistics with the batch's mean and unbiased variance, by the momentum
 * 0.1. x, y: [..., d]; gain, bias, running statistics: [d]. Source: arXiv:1502.03167, with PyTorch's conventions.
 * {@code BatchNormalization.of([[1], [3]], [10], [5], [0], [1], 0, 0) = [[-5], [15]]}.
 */
public final class BatchNormalization extends Operation {
    private static final float MOMENTUM = 0.1f;

    private final Tensor gain;
    private final Tensor bias;
    private final Parameter runningMean;
    private final Parameter runningVariance;
    private final Parameter batches;
    private final int rows;
    private final int d;
    private final FeatureStatistics statistics;

    private BatchNormalization(Tensor x, Parameter gain, Parameter bias, Parameter runningMean,
            Parameter runningVariance, Parameter batches, float eps) {
        super(x);
        this.gain = graph.leaf(gain);
        this.bias = graph.leaf(bias);
        this.runningMean = runningMean;
        this.runningVariance = runningVariance;
        this.batches = batches;
        d = gain.shape().size();
        requireAxis(x, -1, d, "BatchNorm input");
        y = output(x.shape(), this.gain, this.bias);
        rows = x.shape().size() / d;
        // Outside training the running statistics are read in place.
        statistics = graph.training()
                ? new FeatureStatistics(new float[d], new float[d], eps, true)
                : new FeatureStatistics(runningMean.value(), runningVariance.value(), eps, false);
        if (graph.training() && rows < 2) {
            throw new IllegalArgumentException(
                    "BatchNorm needs more than one value per feature to train on: " + x.shape());
        }
    }

    /** BatchNorm of x; {@code batches} counts the training batches. */
    public static Tensor of(Tensor x, Parameter gain, Parameter bias, Parameter runningMean, Parameter runningVariance,
            Parameter batches, float eps) {
        return new BatchNormalization(x, gain, bias, runningMean, runningVariance, batches, eps).y;
    }

    @Override
    protected void forward() {
        if (graph.training()) {
            kernels.norm().featureMoments(statistics.mean(), statistics.variance(), x.value(), rows, d);
            average(runningMean, statistics.mean(), 1);
            average(runningVariance, statistics.variance(), rows / (rows - 1f));
            batches.count(batches.count() + 1);
        }
        kernels.norm().batchNorm(y.value(), x.value(), statistics, gain.value(), bias.value(), rows, d);
    }

    private void average(Parameter running, float[] batch, float correction) {
        kernels.elementwise().scale(running.value(), 0, 1 - MOMENTUM, d);
        kernels.elementwise().addScaled(running.value(), 0, batch, 0, MOMENTUM * correction, d);
        running.changed();
    }

    @Override
    protected void backward() {
        boolean accumulate = x.needsGrad() && x.accumulatesGrad();
        kernels.norm()
                .batchNormBackward(x.gradOrDiscard(), accumulate, gain.gradOrDiscard(), bias.gradOrDiscard(), y.grad(),
                        x.value(), statistics, gain.value(), rows, d);
    }
}
